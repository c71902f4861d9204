"""The protobuf messages that CEL types records by; imported where an expression is compiled, as protobuf takes its time."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, wrappers_pb2

_WRAPPERS = {"text": "StringValue", "integer": "Int64Value", "decimal": "DoubleValue"}


def pool(kinds: Mapping[str, Mapping[str, str]], optional: str = "fields") -> Any:
    """Return the message types of records, their members by name; those of the `optional` record may be unset."""
    made = descriptor_pool.DescriptorPool()
    wrappers = descriptor_pb2.FileDescriptorProto()
    wrappers_pb2.DESCRIPTOR.CopyToProto(wrappers)
    made.Add(wrappers)
    file = descriptor_pb2.FileDescriptorProto(
        name="casewright.proto",
        package="casewright",
        syntax="proto3",
        dependency=["google/protobuf/wrappers.proto"],
    )
    for name, members in kinds.items():
        _describe(file, name, members, optional=name == optional)
    made.Add(file)
    return made


def made_of(messages: Any, name: str) -> Any:
    """Return the class that makes a record's message."""
    return message_factory.GetMessageClass(messages.FindMessageTypeByName(f"casewright.{name}"))


def _describe(file: Any, name: str, members: Mapping[str, str], *, optional: bool) -> None:
    """Add a message type: optional members know 'unset' (null), the others have zero values."""
    kinds = descriptor_pb2.FieldDescriptorProto
    described = file.message_type.add(name=name)
    for number, (member, kind) in enumerate(members.items(), 1):
        entry = described.field.add(name=member, number=number, label=kinds.LABEL_OPTIONAL)
        if kind == "texts":
            entry.label, entry.type = kinds.LABEL_REPEATED, kinds.TYPE_STRING
        elif kind == "boolean":
            described.oneof_decl.add(name=f"_{member}")
            entry.type, entry.proto3_optional = kinds.TYPE_BOOL, True
            entry.oneof_index = len(described.oneof_decl) - 1
        elif optional:
            entry.type, entry.type_name = (
                kinds.TYPE_MESSAGE,
                f".google.protobuf.{_WRAPPERS[kind]}",
            )
        else:
            entry.type = kinds.TYPE_INT64 if kind == "integer" else kinds.TYPE_STRING
