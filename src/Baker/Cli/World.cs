using System.Net;
using Baker.Clouds.Facts;
using Baker.Clouds.Live;
using Baker.Diagnostics;
using Baker.Launching;

namespace Baker.Cli;

/// <summary>Everything outside the program that a command may touch. Tests bring their own.</summary>
/// <param name="Out">Data: what a pipe wants.</param>
/// <param name="Error">Talk: reports, progress, the next command.</param>
/// <param name="Directory">What relative paths are relative to.</param>
/// <param name="UseColor">True when talk goes to a terminal and NO_COLOR is not set.</param>
public sealed record World(TextReader In, TextWriter Out, TextWriter Error, string Directory, bool UseColor)
{
    /// <inheritdoc cref="World(TextReader, TextWriter, TextWriter, string, bool)"/>
    public TextWriter Out { get; } = new PrintableWriter(Out);

    /// <inheritdoc cref="World(TextReader, TextWriter, TextWriter, string, bool)"/>
    public TextWriter Error { get; } = new PrintableWriter(Error);

    /// <summary>
    /// The writer behind <see cref="Error"/>, for the few who colour or redraw lines. They make what they show printable themselves.
    /// </summary>
    public TextWriter Terminal { get; } = Error;

    /// <summary>
    /// All of standard input as it comes: a spec is UTF-8 whatever a terminal speaks. Without it, what <see cref="In"/> has.
    /// </summary>
    public Func<Stream>? Input { get; init; }

    /// <summary>True when somebody sits there who can be asked.</summary>
    public bool CanAsk { get; init; }

    /// <summary>A line that somebody types, and that the terminal does not show; null: standard input is no terminal.</summary>
    public Func<CancellationToken, Task<string>>? Unseen { get; init; }

    /// <summary>True when talk goes to a terminal, where lines can be written anew.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>An environment variable; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Opens the cloud that a spec names.</summary>
    public Func<CloudSpec, Surroundings, ICloud> Open { get; init; } = CloudDoor.Open;

    /// <summary>The IPv4 addresses of a name; empty when it has none.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Lookup { get; init; } = (_, _) => Task.FromResult<IPAddress[]>([]);

    /// <summary>Who is asked what a zone's own servers say.</summary>
    public INameServers NameServers { get; init; } = new NoNameServers();

    /// <summary>A TCP connection to the first of these addresses that takes it, at a port.</summary>
    public Func<IPAddress[], int, CancellationToken, Task<Stream>> Connect { get; init; } = (_, _, _) =>
        throw new IOException("there is no network here");

    /// <summary>Who runs this, for the person who meets their lock.</summary>
    public Func<string> User { get; init; } = () => "somebody";

    /// <summary>Cancelled when the program is about to end at once: time for a last word, and for nothing else.</summary>
    public CancellationToken AtOnce { get; init; }

    public string FullPath(string path) => Path.GetFullPath(path, Directory);

    /// <summary>Asks on a terminal for what nobody is to read there.</summary>
    public async Task<string> AskUnseenAsync(string what, CancellationToken cancel)
    {
        Error.Write($"{what} (it is not shown): ");
        Error.Flush();
        var typed = await Unseen!(cancel);
        Error.WriteLine();
        return typed;
    }

    public Surroundings Surroundings => new(Variable, Time, Directory, line => Error.WriteLine(line));
}
