using Baker.Cli;

namespace Baker.Tests.Support;

/// <summary>Runs a command in process, as a user would type it.</summary>
public sealed record BakerRun(int Code, string Out, string Error)
{
    /// <param name="directory">What relative paths in <paramref name="args"/> are relative to; the checkout when null.</param>
    public static async Task<BakerRun> InAsync(string? directory, string input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var reader = new StringReader(input);
        var world = new World(reader, output, error, directory ?? Checkout.Root, UseColor: false);
        var code = await BakerCli.RunAsync(args, world, CancellationToken.None);
        return new BakerRun(code, output.ToString(), error.ToString());
    }

    public static Task<BakerRun> Async(params string[] args) => InAsync(null, "", args);
}
