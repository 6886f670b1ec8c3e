from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from trips import trip_delay

from mlops_runtime import contracts
from mlops_runtime.serving.requests import (
    KEY_CHARACTERS,
    MAX_INSTANCES,
    TEXT_CHARACTERS,
    problems,
    request_type,
    values_of,
)

CONTRACT = contracts.Serving.model_validate_json(json.dumps(trip_delay.serving()))
GOOD = {"driver": "ann", "shop": "north", "distance": 10}


def found(instances: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as failure:
        request_type(CONTRACT).model_validate_json(json.dumps({"instances": instances}))
    return [(problem.field, problem.message) for problem in problems(CONTRACT, failure.value)]


def test_an_instance_holds_the_join_keys_and_the_request_s_fields() -> None:
    request = request_type(CONTRACT).model_validate_json(json.dumps({"instances": [GOOD]}))
    assert values_of(request.instances[0]) == GOOD | {"scheduled_at": None}


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"distance": "10"}, "distance", "valid integer"),
        ({"distance": True}, "distance", "valid integer"),
        ({"distance": -1}, "distance", "greater than or equal to 0"),
        ({"distance": 101}, "distance", "less than or equal to 100"),
        ({"distance": 10**30}, "distance", "less than"),
        ({"shop": None}, "shop", "valid string"),
        ({"distnce": 3}, "distnce", "is not known; did you mean 'distance'?"),
    ],
)
def test_a_wrong_field_is_named_with_its_place(change: dict[str, Any], field: str, message: str) -> None:
    [(place, text)] = found([GOOD, GOOD | change])
    assert place == f"instances/1/{field}"
    assert message in text


def test_a_missing_field_is_named() -> None:
    assert found([{"driver": "ann", "shop": "north"}]) == [("instances/0/distance", "is required")]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "name", [*(each for each in dir(BaseModel) if each[0] != "_"), "class", "self", "keys"]
)
def test_a_field_may_have_any_name(name: str) -> None:
    key = CONTRACT.entities[0].model_copy(update={"join_key": name})
    request = request_type(CONTRACT.model_copy(update={"entities": (key,), "request": ()}))
    parsed = request.model_validate_json(json.dumps({"instances": [{name: "ann"}]}))
    assert values_of(parsed.instances[0]) == {name: "ann", "scheduled_at": None}
    assert name in json.dumps(request.model_json_schema())


@pytest.mark.parametrize("count", [0, MAX_INSTANCES + 1])
def test_a_request_has_one_to_a_thousand_instances(count: int) -> None:
    assert found([GOOD] * count)[0][0] == "instances"


@pytest.mark.parametrize(
    ("change", "field", "longest"),
    [({"shop": "s" * 1_000_001}, "shop", KEY_CHARACTERS), ({"driver": "d" * 1001}, "driver", KEY_CHARACTERS)],
)
def test_a_key_that_nobody_has_is_refused_by_its_length(
    change: dict[str, Any], field: str, longest: int
) -> None:
    [(place, text)] = found([GOOD, GOOD | change])
    assert (place, text) == (f"instances/1/{field}", f"string should have at most {longest} characters")


def test_a_key_and_a_text_of_the_longest_length_are_taken() -> None:
    text = CONTRACT.request[0].model_copy(update={"name": "text", "type": "string", "min": None, "max": None})
    request = request_type(CONTRACT.model_copy(update={"request": (text,)}))

    def parsed(key: int, other: int) -> Any:
        given = {"driver": "ann", "shop": "s" * key, "text": "ü" * other}
        return request.model_validate_json(json.dumps({"instances": [given]}))

    assert len(parsed(KEY_CHARACTERS, TEXT_CHARACTERS).instances) == 1
    for key, other in ((KEY_CHARACTERS + 1, 1), (1, TEXT_CHARACTERS + 1)):
        with pytest.raises(ValidationError):
            parsed(key, other)


def test_a_name_of_megabytes_is_shown_by_its_beginning() -> None:
    [(place, text)] = found([GOOD | {"x" * 1_000_000: 3}])
    assert len(place) < 150
    assert text.startswith("is not known")


def test_the_compiled_schema_says_the_same_lengths() -> None:
    root = Path(__file__).parents[3]
    compiled = json.loads((root / "generated/common/serving/departure_delay.json").read_text("utf-8"))
    fields = compiled["request_schema"]["properties"]["instances"]["items"]["properties"]
    longest = {name: each["maxLength"] for name, each in fields.items() if "maxLength" in each}
    keys = {each["join_key"] for each in compiled["entities"] if each["type"] == "string"}
    texts = {each["name"] for each in compiled["request"] if each["type"] == "string"}
    assert keys
    assert longest == dict.fromkeys(texts, TEXT_CHARACTERS) | dict.fromkeys(keys, KEY_CHARACTERS)
