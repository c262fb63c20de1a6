using Baker.Diagnostics;

namespace Baker.Rendering;

/// <summary>What can be said about artifacts.</summary>
public static class RenderMessages
{
    public static Message TooLarge(string role, int bytes, int limit) =>
        Message.Error("BKR901", $"the user-data of {role} has {bytes} bytes even when compressed, {bytes - limit} more than the cloud takes ({limit})",
            "shorten certificates and lists in the spec: deliver long PEM text by reference");
}
