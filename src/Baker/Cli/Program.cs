using System.Net;
using System.Net.Sockets;
using Baker.Cli;

#pragma warning disable RS0030 // The one place that may touch the real console, environment and directory.
using var cancel = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    cancel.Cancel();
};
var utf8 = new System.Text.UTF8Encoding(false);
await using var output = new StreamWriter(Console.OpenStandardOutput(), utf8) { NewLine = "\n" };
await using var error = new StreamWriter(Console.OpenStandardError(), utf8) { NewLine = "\n", AutoFlush = true };
var useColor = !Console.IsErrorRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
var world = new World(Console.In, output, error, Environment.CurrentDirectory, useColor)
{
    CanAsk = !Console.IsInputRedirected && !Console.IsErrorRedirected,
    IsTerminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
    Variable = Environment.GetEnvironmentVariable,
    Lookup = AddressesAsync,
    Connect = ConnectAsync,
    User = $"{Environment.UserName}@{Environment.MachineName}, process {Environment.ProcessId}",
};
return await BakerCli.RunAsync(args, world, cancel.Token);

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
