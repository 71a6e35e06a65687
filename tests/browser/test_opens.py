"""The course opens: what a person sees first."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser]


def test_readme_opens(lab, course):
    title = re.search(r"^# (.+)$", (course / "README.md").read_text(encoding="utf-8"), flags=re.M).group(1)
    lab.open("README.md")
    tab = lab.page.locator("#jp-main-dock-panel .lm-TabBar-tab")
    expect(tab).to_have_count(1)
    expect(tab).to_contain_text("README.md")
    # JupyterLab shows Markdown as text, unless its settings ask for the preview; either has to show the document.
    line = lab.page.locator(".jp-MarkdownViewer h1, .jp-FileEditor .cm-line", has_text=title).first
    expect(line).to_be_visible()
    expect(lab.page.locator(".jp-FileBrowser .jp-DirListing-itemName", has_text="release")).to_be_visible()
    lab.screenshot("readme")
    if lab.page.locator(".jp-FileEditor").count():
        line.click(button="right")
        lab.page.locator('.lm-Menu-item[data-command="fileeditor:markdown-preview"]').click()
    expect(lab.page.locator(".jp-MarkdownViewer h1", has_text=title)).to_be_visible()
    lab.screenshot("readme-preview")
