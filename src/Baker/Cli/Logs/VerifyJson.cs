using System.Text.Json.Serialization;
using Baker.Verifying;

namespace Baker.Cli.Logs;

/// <summary>What <c>verify --json</c> prints.</summary>
/// <param name="NothingIsWrong">No check fails; some may be unknown.</param>
/// <param name="Answer">Of Duo Chat, with <c>--ask</c>.</param>
internal sealed record VerifyJson(string Stack, string Id, string Url, bool NothingIsWrong, Finding[] Checks, string? Answer);

[JsonSerializable(typeof(VerifyJson))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UseStringEnumConverter = true)]
internal sealed partial class VerifyJsonContext : JsonSerializerContext;
