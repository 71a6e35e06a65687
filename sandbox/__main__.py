"""The warm process. Started by sandbox.client with its socket as the only argument: python -m sandbox 7"""

import socket
import sys

from sandbox.server import serve, warm_up

if __name__ == "__main__":
    requests = socket.socket(fileno=int(sys.argv[1]))
    shell = warm_up()
    requests.sendall(b"w")  # warm
    serve(requests, shell)
