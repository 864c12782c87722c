"""The JSON Schemas, as real editors and other people's tools apply them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from check_jsonschema import main
from click.testing import CliRunner, Result

from builder.guide import Checked
from builder.model import FOLDERS, SINGLE_FILES, Narrative
from builder.reading import files
from builder.schemas import schema_files, shape, titles
from tests.conftest import ROOT
from tests.language_server import NODE, PROGRAM

SETTINGS = json.loads((ROOT / ".vscode/settings.json").read_text("utf-8"))


def test_the_schemas_kept_are_current(checked: Checked) -> None:
    wanted = dict(schema_files(titles(checked.library)))
    kept = {
        file.relative_to(ROOT).as_posix(): file.read_text("utf-8")
        for file in (ROOT / "schemas").iterdir()
    }
    assert kept == wanted, "lancez « guide schema »"


def test_the_site_gives_the_schemas_too(site: Path) -> None:
    for file in (ROOT / "schemas").iterdir():
        assert (site / "schemas" / file.name).read_bytes() == file.read_bytes()


def test_editors_are_told_the_schema_of_every_file() -> None:
    wanted = {
        f"./schemas/{kind}.schema.json": f"{folder}/*.yaml" for kind, folder in FOLDERS.items()
    } | {f"./schemas/{Path(name).stem}.schema.json": name for name in SINGLE_FILES}
    assert SETTINGS["yaml.schemas"] == wanted


def test_a_schema_says_what_an_author_writes() -> None:
    story = shape(Narrative)
    fields = story["properties"]
    assert "id" not in fields
    assert list(fields)[:2] == ["allowed_names", "title"]
    assert list(fields)[-1] == "former_names"
    assert fields["title"]["title"] == "Titre"
    assert fields["theme"]["$ref"] == "#/$defs/theme"
    assert fields["origin"]["properties"]["kind"]["enumDescriptions"][0].startswith("Récit")
    assert fields["readings"]["propertyNames"] == {"$ref": "#/$defs/ingredient"}
    assert "null" not in json.dumps(story)


def check_jsonschema(schema: str, *names: str) -> Result:
    """Run the tool in this process: it takes two seconds to start."""
    schema_file, files = str(ROOT / "schemas" / schema), [str(ROOT / name) for name in names]
    return CliRunner().invoke(main, ["--schemafile", schema_file, *files])


def test_every_file_of_the_collection_fits_its_schema() -> None:
    all_files = [file.relative_to(ROOT).as_posix() for file in files(ROOT)]
    for kind, folder in FOLDERS.items():
        mine = [name for name in all_files if name.rpartition("/")[0] == folder]
        done = check_jsonschema(f"{kind}.schema.json", *mine)
        assert done.exit_code == 0, done.output
    for name in SINGLE_FILES:
        assert check_jsonschema(f"{Path(name).stem}.schema.json", name).exit_code == 0


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("theme: deterioration", "theme: x-deterioration"), "is not one of"),
        (("\nteller:", "\ntitre: x\nteller:"), "'titre' was unexpected"),
        (("\nsummary:", "\nformer_names: [3]\nsummary:"), "is not of type 'string'"),
    ],
)
def test_a_fault_is_refused(tmp_path: Path, edit: tuple[str, str], said: str) -> None:
    text = (ROOT / "narratives/le-silence-de-l-appartement.yaml").read_text("utf-8")
    assert edit[0] in text
    broken = tmp_path / "broken.yaml"
    broken.write_text(text.replace(edit[0], edit[1], 1), encoding="utf-8")
    done = check_jsonschema("narrative.schema.json", str(broken))
    assert done.exit_code == 1
    assert said in done.output


class Editor:
    """A text editor with the settings of the project, as the language server sees it."""

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        self._server = server
        self._asked = 0
        self.published: dict[str, list[dict[str, Any]]] = {}
        folder = {"uri": ROOT.as_uri(), "name": "guide"}
        self.ask(
            "initialize",
            processId=None,
            rootUri=ROOT.as_uri(),
            workspaceFolders=[folder],
            capabilities={"workspace": {"configuration": True}},
        )
        self._send(method="initialized", params={})

    def ask(self, method: str, **params: Any) -> Any:
        """Send a request; answer the server's own while its result is awaited."""
        self._asked += 1
        self._send(id=self._asked, method=method, params=params)
        for message in self._messages():
            if message.get("id") == self._asked and "method" not in message:
                return message["result"]
        raise AssertionError("le serveur s'est arrêté")

    def open(self, name: str, text: str) -> str:
        """Open a file that is not on the disk; give its address once the server has read it."""
        uri = (ROOT / name).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send(method="textDocument/didOpen", params={"textDocument": document})
        for _ in self._messages():
            if uri in self.published:
                return uri
        raise AssertionError("le serveur s'est arrêté")

    def completions(self, uri: str, line: int, character: int) -> dict[str, str]:
        place = {"line": line, "character": character}
        found = self.ask("textDocument/completion", textDocument={"uri": uri}, position=place)
        return {item["label"]: item.get("documentation") or "" for item in found["items"]}

    def _messages(self) -> Iterator[dict[str, Any]]:
        assert self._server.stdout
        while header := self._server.stdout.readline():
            while self._server.stdout.readline().strip():
                pass
            message = json.loads(self._server.stdout.read(int(header.split(b":")[1])))
            if message.get("method") == "textDocument/publishDiagnostics":
                self.published[message["params"]["uri"]] = message["params"]["diagnostics"]
            elif "method" in message and "id" in message:
                self._send(id=message["id"], result=self._settings(message))
            yield message

    def _settings(self, message: dict[str, Any]) -> list[Any] | None:
        """Give the project's settings by section, as an editor does."""
        if message["method"] != "workspace/configuration":
            return None
        yaml = {
            "schemas": SETTINGS["yaml.schemas"],
            "schemaStore": {"enable": SETTINGS["yaml.schemaStore.enable"]},
            "validate": True,
            "completion": True,
        }
        return [yaml if it["section"] == "yaml" else {} for it in message["params"]["items"]]

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._server.stdin.flush()


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    assert PROGRAM.is_file(), "aucun serveur de langage : lancez « make test » plutôt que pytest"
    server = subprocess.Popen(
        [NODE, PROGRAM, "--stdio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    yield Editor(server)
    server.kill()
    server.wait()


def test_an_editor_underlines_an_unknown_id(editor: Editor) -> None:
    uri = editor.open("narratives/essai-1.yaml", "theme: le-voisin\nsituations:\n  - isolement\n")
    (found,) = [it for it in editor.published[uri] if "not accepted" in it["message"]]
    assert found["range"]["start"] == {"line": 0, "character": 7}
    assert "alliance-proprietaire" in found["message"]


def test_an_editor_underlines_an_unknown_key(editor: Editor) -> None:
    uri = editor.open("situations/essai-2.yaml", "nom: >-\n  Une porte\n")
    assert any("nom is not allowed" in it["message"] for it in editor.published[uri])


def test_an_editor_offers_the_keys_with_their_help(editor: Editor) -> None:
    uri = editor.open("ingredients/essai-3.yaml", "status: proposed\np")
    offered = editor.completions(uri, 1, 1)
    assert {"practice", "pitfalls", "phrases"} <= set(offered)
    assert "Des gestes pour demain matin" in offered["practice"]


def test_an_editor_offers_the_ids_with_their_titles(editor: Editor) -> None:
    uri = editor.open("narratives/essai-4.yaml", "theme: \nreadings:\n  ne: >-\n    x\n")
    offered = editor.completions(uri, 0, 7)
    assert offered["mediation-voisinage"].startswith("Une fois où")
    assert "ne-pas-paniquer" in editor.completions(uri, 2, 3)
