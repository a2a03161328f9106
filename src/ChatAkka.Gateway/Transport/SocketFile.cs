using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ChatAkka.Gateway.Transport;

/// <summary>
/// The file of a connected socket, and nothing else. The framework's <see cref="Socket"/> keeps 250 bytes beside it for as long as it
/// lives: addresses, options, and what asynchronous calls need, none of which a polled connection uses.
/// </summary>
internal sealed class SocketFile : SafeHandle
{
    private SocketFile(nint file) : base(-1, ownsHandle: true) => SetHandle(file);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    /// <summary>Takes the file out of a socket on which no asynchronous call was ever made, and which nobody may use any more.</summary>
    public static SocketFile TakeFrom(Socket socket)
    {
        var owner = socket.SafeHandle;
        var file = new SocketFile(owner.DangerousGetHandle());

        // From here on neither closes it, and neither has anything else to give back. Disposing the socket would wait for its handle
        // for ever.
        owner.SetHandleAsInvalid();
        GC.SuppressFinalize(socket);
        return file;
    }

    /// <summary>Gives it to a socket again; this object is of no use any more.</summary>
    public Socket ToSocket()
    {
        var socket = new Socket(new SafeSocketHandle(handle, ownsHandle: true));
        SetHandleAsInvalid();
        return socket;
    }

    /// <summary>Closes it and resets the connection, whatever isn't sent yet.</summary>
    public void Reset()
    {
        try
        {
            _ = Native.SetOption(this, Native.SocketLevel, Native.LingerOption, new Native.Linger(1, 0), 2 * sizeof(int));
        }
        catch (ObjectDisposedException)
        {
            // Closed already.
        }

        Dispose();
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Native.Close(handle) == 0;
}
