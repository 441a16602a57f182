"""HTTPS by --certfile and --keyfile, and the words for what is wrong with them. OpenSSL makes the files."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from tests.support.command import call, running

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """cert.pem and key.pem of localhost, and what people have by mistake."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    request = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-subj",
        "/CN=localhost",
    ]
    name = ["-addext", "subjectAltName=DNS:localhost"]
    openssl(*request, *name, "-nodes", "-days", "30", "-keyout", key, "-out", cert)
    openssl(*request, "-nodes", "-days", "2", "-keyout", folder / "soon-key.pem", "-out", folder / "soon.pem")
    openssl(
        "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", folder / "other.pem"
    )
    openssl("pkey", "-in", key, "-aes128", "-passout", "pass:secret", "-out", folder / "encrypted.pem")
    openssl("x509", "-in", cert, "-outform", "der", "-out", folder / "cert.der")
    (folder / "both.pem").write_text(key.read_text() + cert.read_text())
    (folder / "logs").mkdir()
    expired(folder)
    return folder


def expired(folder: Path) -> None:
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01\n")
    config = folder / "ca.cnf"
    config.write_text(
        f"[ca]\ndefault_ca=me\n[me]\ndatabase={folder}/index.txt\nserial={folder}/serial\nnew_certs_dir={folder}\n"
        "default_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n"
    )
    key, request = folder / "key.pem", folder / "request.pem"
    openssl("req", "-new", "-key", key, "-subj", "/CN=localhost", "-out", request)
    for name, begin, end in (
        ("old", "20200101000000Z", "20210101000000Z"),
        ("future", "20900101000000Z", "20910101000000Z"),
    ):
        (folder / "index.txt").write_text("")
        words = ["ca", "-config", config, "-selfsign", "-keyfile", key, "-in", request, "-batch", "-notext"]
        openssl(
            *words,
            "-startdate",
            begin,
            "-enddate",
            end,
            "-out",
            folder / f"{name}.pem",
        )


@pytest.mark.parametrize("words", [["cert.pem", "key.pem"], ["both.pem"]])
def test_it_answers_by_https(files: Path, words: list[str]):
    names = zip(("--certfile", "--keyfile"), words, strict=False)
    options = [part for option, name in names for part in (option, str(files / name))]
    trust = ssl.create_default_context(cafile=str(files / "cert.pem"))
    with running(files / "logs", "--port", "0", "--token", *options) as (address, _):
        assert re.fullmatch(r"https://localhost:\d+/\?token=[\w-]{32}", address)
        with httpx.Client(verify=trust) as browser:
            opened = browser.get(address)
            assert opened.status_code == 303
            for cookie in opened.headers.get_list("set-cookie"):
                assert cookie.startswith("__Secure-cupola-") and "; Secure" in cookie
            assert browser.get(address.partition("?")[0]).status_code == 200
            assert browser.get(f"{address.partition('?')[0]}api/info").status_code == 200


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--keyfile", "key.pem"], "--keyfile without --certfile"),
        (["--certfile", "none.pem"], "none.pem: no such file or directory; wanted a readable file in PEM"),
        (["--certfile", "cert.pem", "--keyfile", "none.pem"], "none.pem: no such file"),
        (["--certfile", "logs"], "logs: is a directory"),
        (["--certfile", "cert.pem"], "holds a certificate and no key; wanted its key too: add --keyfile"),
        (["--certfile", "cert.pem", "--keyfile", "other.pem"], "is not that of the certificate"),
        (["--certfile", "key.pem", "--keyfile", "cert.pem"], "key.pem holds no certificate in PEM format"),
        (["--certfile", "cert.der", "--keyfile", "key.pem"], "cert.der holds no certificate in PEM format"),
        (
            ["--certfile", "cert.pem", "--keyfile", "encrypted.pem"],
            "is encrypted; wanted one without",
        ),
        (
            ["--certfile", "old.pem", "--keyfile", "key.pem"],
            "old.pem expired on Jan  1 00:00:00 2021 GMT",
        ),
        (["--certfile", "future.pem", "--keyfile", "key.pem"], "is valid from Jan  1 00:00:00 2090 GMT on"),
    ],
)
def test_mistakes(files: Path, words: list[str], said: str):
    done = call("logs", "--port", "0", *words, cwd=files)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and said in done.stderr, done


def test_it_is_said_when_a_certificate_ends_soon(files: Path):
    options = ["--certfile", str(files / "soon.pem"), "--keyfile", str(files / "soon-key.pem")]
    with running(files / "logs", "--port", "0", *options) as (_, process):
        assert process.stderr is not None and "expires on" in process.stderr.readline()


@pytest.mark.parametrize(
    ("language", "title"),
    [("en-US,en;q=0.9", "This cupola is reached by https://"), ("zh-CN", "请用 https:// 访问这个 cupola")],
)
def test_plain_http_is_told_the_right_address(files: Path, language: str, title: str):
    options = ("--certfile", str(files / "both.pem"), "--port", "0")
    trust = ssl.create_default_context(cafile=str(files / "cert.pem"))
    with running(files / "logs", *options) as (address, _):
        with httpx.Client(trust_env=False) as browser:
            for path in ("", "api/info?token=secret"):
                headers = {"Accept": "text/html", "Accept-Language": language}
                answer = browser.get(address.replace("https", "http") + path, headers=headers)
                assert answer.status_code == 400 and title in answer.text
                assert f"<pre>{address}</pre>" in answer.text and "secret" not in answer.text
                assert "default-src" in answer.headers["content-security-policy"]
        strange = {"Host": "<script>"}
        odd = httpx.get(address.replace("https", "http"), headers=strange, trust_env=False)
        assert odd.status_code == 400 and "script" not in odd.text
        assert httpx.get(address, verify=trust, trust_env=False).status_code == 200  # it still serves


@pytest.mark.parametrize("sent", [b"\x00" * 100, b"SSH-2.0-x\r\n", b"\x16\x03\x01\x00\x05hello"])
def test_what_is_neither_is_closed(files: Path, sent: bytes):
    with running(files / "logs", "--port", "0", "--certfile", str(files / "both.pem")) as (address, _):
        port = int(address.split(":")[2].strip("/"))
        with socket.create_connection(("localhost", port)) as client:
            client.settimeout(5)
            client.sendall(sent)
            try:
                while client.recv(4096):
                    pass
            except ConnectionError:
                pass


def test_it_ends_at_once_beside_clients_that_say_nothing(files: Path):
    """One that never shakes hands, one that asks and does not read."""
    options = ["--certfile", str(files / "cert.pem"), "--keyfile", str(files / "key.pem")]
    trust = ssl.create_default_context(cafile=str(files / "cert.pem"))
    with running(files / "logs", "--port", "0", *options) as (address, process):
        port = int(re.search(r":(\d+)/", address)[1])  # type: ignore[index]
        silent = socket.create_connection(("127.0.0.1", port), 5)
        reading = trust.wrap_socket(
            socket.create_connection(("127.0.0.1", port), 5), server_hostname="localhost"
        )
        reading.sendall(b"GET /api/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        process.wait(4)
        silent.close()
        reading.close()
