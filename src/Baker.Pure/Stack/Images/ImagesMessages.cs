using Baker.Diagnostics;

namespace Baker.Stack.Images;

/// <summary>What can be said about <c>images</c>.</summary>
public static class ImagesMessages
{
    public static Message StockAndId(string role) =>
        Message.Error("BKR801", $"`use: stock` and an image for {role} contradict each other", "remove one of them");

    public static Message Access(string seen, string cloud, IReadOnlyCollection<string> usable) =>
        Message.Error("BKR802", $"\"{seen}\" is no way to reach a builder on {cloud}", $"one of: {string.Join(", ", usable)}");

    public static Message NoBuilderToReach(string cloud) =>
        Message.Error("BKR803", $"images for {cloud} are baked on it, so nobody has to be told where a builder stands",
            "remove `builder`");
}
