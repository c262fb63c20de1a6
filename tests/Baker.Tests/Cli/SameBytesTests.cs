using System.Diagnostics;
using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Cli;

/// <summary>The same spec gives the same bytes, wherever and by whomever it is rendered: run as a process of its own.</summary>
public sealed class SameBytesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TZ=Pacific/Kiritimati")]
    [InlineData("LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8")]
    [InlineData("LC_ALL=C LANG=")]
    [InlineData("HOME=/nonexistent USER=nobody")]
    public void Time_zone_locale_and_home_do_not_matter(string environment) => Assert.Equal(Plain(), Render($"env {environment}"));

    [Fact]
    public async Task A_spec_that_is_piped_in_is_UTF_8_whatever_the_locale_says()
    {
        Dictionary<string, string> latin = new() { ["LC_ALL"] = "de_DE.ISO-8859-1" };
        var spec = Checkout.Read("examples", "aws.yaml") + "duo: { name: Müller é }\n";
        var baker = new BakerProcess(_folder.Path, latin);
        var plan = (await baker.RunAsync(System.Text.Encoding.UTF8.GetBytes(spec), "plan", "--json", "-")).Require();
        Assert.Contains("Müller é", System.Text.RegularExpressions.Regex.Unescape(plan), StringComparison.Ordinal);
        var wrong = await baker.RunAsync(System.Text.Encoding.Latin1.GetBytes(spec), "validate", "-");
        Assert.Equal(ExitCode.SpecWrong, wrong.Code);
        Assert.Contains("BKR003", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_umask_does_not_matter() => Assert.Equal(Plain(), Render("umask 077;"));

    [Fact]
    public void The_user_does_not_matter()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "only root can become somebody else");
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)511);
        // Somebody who may not even look into the checkout gets the program and the spec by open folders.
        var program = Directory.CreateDirectory(Path.Combine(_folder.Path, "program")).FullName;
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
        File.Copy(Checkout.PathOf("examples", "aws.yaml"), Path.Combine(_folder.Path, "aws.yaml"));
        Assert.Equal(Plain(), Render("exec setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent", program, Path.Combine(_folder.Path, "aws.yaml")));
    }

    private string Plain() => Render("");

    private string Render(string before, string? program = null, string? spec = null)
    {
        var to = Path.Combine(_folder.Path, Path.GetRandomFileName());
        var dll = Path.Combine(program ?? AppContext.BaseDirectory, "baker.dll");
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c",
            $"{before} '{Dotnet}' '{dll}' render '{spec ?? Checkout.PathOf("examples", "aws.yaml")}' --out '{to}'"])
        { RedirectStandardError = true, WorkingDirectory = _folder.Path })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
        return string.Concat(Directory.EnumerateFiles(to, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(p => $"{Path.GetRelativePath(to, p)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(p)))}\n"));
    }

    // The runtime that runs this test: lib/shared/Microsoft.NETCore.App/<version>/ lies three folders below it.
    private static string Dotnet => Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
}
