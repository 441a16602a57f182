"""What a checkout's tools promise: the page is never an old one, and what is missing is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from tools import licenses, package_metadata, page, release

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small page that was built of its sources."""
    web, built = tmp_path / "web", tmp_path / "src" / "cupola" / "_web"
    built.mkdir(parents=True)
    (web / "src").mkdir(parents=True)
    (web / "src" / "main.ts").write_text("one")
    (built / "index.html").write_text("page")
    for name, path in {"WEB": web, "PAGE": built, "DIGEST": built / "sources.sha256"}.items():
        monkeypatch.setattr(page, name, path)
    page.DIGEST.write_text(page.digest() + "\n")
    return tmp_path


def test_a_page_is_current_whatever_the_times_of_its_files(checkout: Path) -> None:
    os.utime(checkout / "web" / "src" / "main.ts")
    (checkout / "web" / "src" / "main.test.ts").write_text("tests are no part of it")
    assert page.is_current()


@pytest.mark.parametrize("change", ["changed", "added", "removed", "never built", "unsigned"])
def test_a_page_of_other_sources_is_built_anew(checkout: Path, change: str) -> None:
    source = checkout / "web" / "src" / "main.ts"
    match change:
        case "changed":
            source.write_text("two")
            os.utime(source, (0, 0))
        case "added":
            (checkout / "web" / "src" / "more.ts").write_text("")
        case "removed":
            source.unlink()
        case "never built":
            (page.PAGE / "index.html").unlink()
        case "unsigned":
            page.DIGEST.unlink()
    assert not page.is_current()


def test_an_old_page_is_an_error_where_node_is_missing(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / "web" / "src" / "main.ts").write_text("two")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(sys, "argv", ["page.py"])
    with pytest.raises(SystemExit, match=r"the page needs Node ≥ 20\.19 .*found no node.*install a release"):
        page.main()


def test_what_a_machine_lacks_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    environment = {"PATH": str(tmp_path / "bin")}
    command = [sys.executable, str(ROOT / "tools" / "requirements.py")]
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert result.returncode == 1
    assert "C++20 compiler (found none)" in result.stderr
    assert "Node ≥ 20.19 with npm (found no node)" in result.stderr
    assert "install a release" in result.stderr


def test_links_of_the_readme_work_on_a_package_index() -> None:
    text = "![a](docs/a.png) [b](docs/b.md) [c](https://example.com) [d](#e)"
    assert package_metadata.absolute_links(text, "https://host/me/it") == (
        "![a](https://host/me/it/raw/main/docs/a.png) [b](https://host/me/it/blob/main/docs/b.md) "
        "[c](https://example.com) [d](#e)"
    )
    assert package_metadata.absolute_links(text, "") == text


def test_an_address_is_the_origin_or_what_the_service_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "me/it")
    assert package_metadata.repository() == "https://github.com/me/it"
    assert package_metadata.urls("https://github.com/me/it")["Issues"] == "https://github.com/me/it/issues"
    assert package_metadata.urls("") == {}


def test_what_is_compiled_in_says_its_licence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nanobind", reason="the build group is not installed")
    (tmp_path / "page").write_text("of the page\n")
    monkeypatch.setattr(licenses, "PAGE", tmp_path / "page")
    monkeypatch.setattr(sys, "argv", ["licenses.py", str(tmp_path / "out")])
    licenses.main()
    text = (tmp_path / "out").read_text()
    assert text.startswith("of the page") and "Wenzel Jakob" in text and "Goetghebuer-Planchon" in text


def test_a_tag_is_a_release_only_with_its_version_and_changelog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "src" / "cupola").mkdir(parents=True)
    (tmp_path / "src" / "cupola" / "__init__.py").write_text('__version__ = "1.2.0"\n')
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## 1.2.0 (today)\n\n- new\n\n## 1.1.0\n\n- old\n")
    monkeypatch.setattr(release, "ROOT", tmp_path)
    release.check("v1.2.0")
    assert release.notes("1.2.0") == "- new"
    with pytest.raises(SystemExit, match=r"the tag is v1\.3\.0, but .* says 1\.2\.0"):
        release.check("v1.3.0")
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## 1.2.0\n\n## 1.1.0\n\n- old\n")
    with pytest.raises(SystemExit, match=r"no entry '## 1\.2\.0'"):
        release.check("v1.2.0")


def test_what_a_user_gets_beside_the_package_is_listed() -> None:
    assert "numpy>=1.24" in release.dependencies()


def test_an_sdist_holds_a_page_that_fits_its_sources(tmp_path: Path) -> None:
    pytest.importorskip("scikit_build_core", reason="the build group is not installed")
    if not page.is_current():
        pytest.skip("the page of this checkout is not built: make page")
    code = f"from scikit_build_core.build import build_sdist; print(build_sdist({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    check = [sys.executable, str(unpacked / "tools" / "page.py"), "--check"]
    assert subprocess.run(check).returncode == 0
    assert (unpacked / "src" / "cupola" / "_web" / "THIRD_PARTY_LICENSES").is_file()


@pytest.mark.parametrize(("said", "outdated"), [("", False), ("other", True)])
def test_a_checkout_says_at_its_start_that_its_page_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, outdated: bool
) -> None:
    from cupola.server import page as served

    folder = tmp_path / "src" / "cupola" / "_web"
    for path in (folder, tmp_path / "web", tmp_path / "tools"):
        path.mkdir(parents=True)
    (tmp_path / "web" / "main.ts").write_text("one")
    shutil.copy(ROOT / "tools" / "page.py", tmp_path / "tools")
    monkeypatch.setattr(served, "FOLDER", folder)
    assert not served.is_outdated(), "an installed page has no sources to compare"
    monkeypatch.setattr(page, "WEB", tmp_path / "web")
    (folder / "sources.sha256").write_text(said or page.digest())
    assert served.is_outdated() is outdated
