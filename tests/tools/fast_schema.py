"""JSON documents against a JSON Schema, draft 2020-12: compiled to Python first, for documents of many megabytes."""
import warnings

import fastjsonschema

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jsonschema

# Words of the draft that the compiler (draft 07) does not know: with them it would let documents pass.
UNKNOWN = {"prefixItems", "unevaluatedProperties", "unevaluatedItems", "dependentSchemas", "dependentRequired",
           "$dynamicRef", "minContains", "maxContains"}


ANNOTATIONS = {"$ref", "$defs", "$schema", "$id", "$comment", "title", "description"}


def words_of(schema):
    if isinstance(schema, dict):
        if "$ref" in schema and not ANNOTATIONS >= set(schema):
            yield "$dynamicRef"  # draft 07 does not look at what stands beside a reference
        for key, value in schema.items():
            yield key
            yield from words_of(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from words_of(value)


class Validator:
    """errors(document): those of jsonschema, which names all of them; none without asking it if the compiled code agrees."""

    def __init__(self, schema):
        jsonschema.Draft202012Validator.check_schema(schema)
        self.slow = jsonschema.Draft202012Validator(schema)
        self.fast = None
        if not UNKNOWN & set(words_of(schema)):
            self.fast = fastjsonschema.compile({**schema, "$schema": "http://json-schema.org/draft-07/schema#"})

    def errors(self, document):
        if self.fast is not None:
            try:
                self.fast(document)
                return []
            except fastjsonschema.JsonSchemaValueException:
                pass
        return sorted(self.slow.iter_errors(document), key=lambda error: list(map(str, error.absolute_path)))
