namespace Baker.Tests.Support;

/// <summary>Finds files of the checkout that the tests run in.</summary>
public static class Checkout
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    public static string Read(params ReadOnlySpan<string> parts) => File.ReadAllText(PathOf(parts));

    /// <summary>Every example spec, by its name without ending.</summary>
    public static IEnumerable<string> Examples =>
        Directory.EnumerateFiles(PathOf("examples"), "*.yaml").Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal);

    private static string Find(string from) =>
        File.Exists(Path.Combine(from, "Baker.sln")) ? from : Find(Path.GetDirectoryName(from) ?? throw new InvalidOperationException("not in a checkout"));
}
