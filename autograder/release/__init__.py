"""Makes what students get, and the solved notebooks for people who learn on their own."""
