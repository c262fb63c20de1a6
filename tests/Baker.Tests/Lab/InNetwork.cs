using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Baker.Tests.Lab;

/// <summary>Connections of this process that begin in a machine's network.</summary>
internal static class InNetwork
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET of sched.h.

    /// <param name="root">The machine's file system as <see cref="LabMachine.Root"/> names it: its process is in it.</param>
    public static async Task<Stream> ConnectAsync(string root, IPEndPoint to)
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        // setns moves one thread; a socket belongs to the network it was made in, wherever it is used.
        new Thread(() =>
        {
            try
            {
                using var network = File.OpenHandle(Path.Combine(Path.GetDirectoryName(root)!, "ns", "net"));
                if (SetNamespace(network.DangerousGetHandle().ToInt32(), NewNetwork) != 0)
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                made.SetResult(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            }
            catch (Exception e)
            {
                made.SetException(e);
            }
        }).Start();
        var socket = await made.Task;
        await socket.ConnectAsync(to);
        return new NetworkStream(socket, ownsSocket: true);
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int file, int kind);
}
