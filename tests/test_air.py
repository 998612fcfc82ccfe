"""AIRs are read in every form that people and the platform write."""

import pytest

from civgen.air import Air, model_version_air, parse_air
from civgen.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "air"),
    [
        ("urn:air:sdxl:lora:civitai:328553@368189", Air("civitai", "328553", "sdxl", "lora", "368189")),
        ("civitai:123@456", Air("civitai", "123", None, None, "456")),
        ("air:civitai:1", Air("civitai", "1")),
        ("sdxl:civitai:1@2", Air("civitai", "1", "sdxl", None, "2")),
        ("urn:air:flux1:lora:orchestrator:blob@a.b", Air("orchestrator", "blob", "flux1", "lora", "a.b")),
        ("urn:air:x:y:civitai:1@2+77.gguf", Air("civitai", "1", "x", "y", "2", 77, "gguf")),
        ("urn:air:x:y:civitai:1@2.gguf", Air("civitai", "1", "x", "y", "2.gguf")),
        ("urn:air:x:y:civitai:1.gguf", Air("civitai", "1.gguf", "x", "y")),
        ("urn:air:x:y:civitai:1@2:layer", Air("civitai", "1", "x", "y", "2:layer")),
        ("URN:AIR:SDXL:LORA:CIVITAI:1@2", Air("CIVITAI", "1", "SDXL", "LORA", "2")),
        ("urn:air:oci:image:registry:group/name@1.2", Air("registry", "group/name", "oci", "image", "1.2")),
    ],
)
def test_forms_of_an_air(text, air):
    assert parse_air(text) == air


@pytest.mark.parametrize("text", ["", "123@456", "urn:air:a:b:civitai:1@2 layer", "hello world"])
def test_what_is_no_air_is_refused_with_an_example(text):
    with pytest.raises(InvalidInput) as caught:
        parse_air(text)
    assert "urn:air:" in caught.value.hint


def test_an_air_is_written_in_full_with_a_lower_case_ecosystem():
    assert str(Air("civitai", "1", "SDXL", "lora", "2")) == "urn:air:sdxl:lora:civitai:1@2"
    assert model_version_air("sd1", "LoCon", 5, 6) == "urn:air:sd1:lycoris:civitai:5@6"
