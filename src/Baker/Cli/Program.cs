using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Baker.Cli;
using Baker.Launching;

#pragma warning disable RS0030 // The one place that may touch the real console, environment and directory.
using var cancel = new CancellationTokenSource();
using var atOnce = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => e.Cancel = Stop();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = Stop());
// An SSH session that drops is the likeliest end of a long launch.
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = Stop());
var utf8 = new System.Text.UTF8Encoding(false);
// Flushed and disposed of in place: awaited, the console would have it done by a pool of threads, which is started for that alone.
using var output = new StreamWriter(Console.OpenStandardOutput(), utf8) { NewLine = "\n" };
using var error = new StreamWriter(new Talk(Console.OpenStandardError()), utf8) { NewLine = "\n", AutoFlush = true };
var useColor = !Console.IsErrorRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
// What is asked for in vain ends with the command.
Stream Input() => new StandardInput(Console.OpenStandardInput(), cancel.Token);
using var answers = new StreamReader(Input(), Console.InputEncoding);
var world = new World(answers, output, error, Environment.CurrentDirectory, useColor)
{
    Input = Input,
    CanAsk = !Console.IsInputRedirected && !Console.IsErrorRedirected,
    IsTerminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
    Unseen = Console.IsInputRedirected ? null : cancel => Task.Run(UnseenLine, cancel).WaitAsync(cancel),
    Variable = Environment.GetEnvironmentVariable,
    Lookup = AddressesAsync,
    Connect = ConnectAsync,
    NameServers = new NameServers(),
    AtOnce = atOnce.Token,
    User = () => $"{Environment.UserName}@{Environment.MachineName}, process {Environment.ProcessId}",
};
return await BakerCli.RunAsync(args, world, cancel.Token);

// The first time in order; the second time at once.
bool Stop()
{
    if (cancel.IsCancellationRequested)
    {
        atOnce.Cancel();
        return false;
    }
    cancel.Cancel();
    return true;
}

static string UnseenLine()
{
    var line = new System.Text.StringBuilder();
    while (true)
    {
        var key = Console.ReadKey(intercept: true);
        // Ctrl-D ends it too.
        if (key.Key == ConsoleKey.Enter || key.KeyChar == '\u0004')
            return line.ToString();
        if (key.Key == ConsoleKey.Backspace)
            line.Length = Math.Max(0, line.Length - 1);
        else if (!char.IsControl(key.KeyChar))
            line.Append(key.KeyChar);
    }
}

static async Task<IPAddress[]> AddressesAsync(string name, CancellationToken cancel)
{
    try
    {
        return await Dns.GetHostAddressesAsync(name, AddressFamily.InterNetwork, cancel);
    }
    catch (SocketException)
    {
        return [];
    }
}

static async Task<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancel)
{
    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    try
    {
        await socket.ConnectAsync(addresses, port, cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }
    catch
    {
        socket.Dispose();
        throw;
    }
}
