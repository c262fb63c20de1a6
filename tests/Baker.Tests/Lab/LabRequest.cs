using System.Text.Json.Nodes;

namespace Baker.Tests.Lab;

/// <summary>One request that a server of the lab has answered, or broken off.</summary>
public sealed record LabRequest(string Site, string Method, string Path, int Status, long Bytes, string Range, string Fault)
{
    public static LabRequest From(JsonNode entry) => new((string)entry["site"]!, (string)entry["method"]!, (string)entry["path"]!, (int?)entry["status"] ?? 0,
        (long)entry["bytes"]!, (string?)entry["range"] ?? "", (string?)entry["fault"] ?? "");
}
