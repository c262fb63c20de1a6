using Baker.Diagnostics;

namespace Baker.Stack;

/// <summary>What can be said about keys that several parts of a spec share.</summary>
public static class SpecMessages
{
    public static Message OtherCloudsKey(string key, string cloud, string? ownKey) =>
        Message.Error("BKR230", $"\"{key}\" has no meaning on {cloud}", ownKey is null ? "remove it" : $"use \"{ownKey}\"");
}
