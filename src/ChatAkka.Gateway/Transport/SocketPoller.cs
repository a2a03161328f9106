using System.ComponentModel;
using System.Runtime.InteropServices;
using ChatAkka.Gateway.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace ChatAkka.Gateway.Transport;

/// <summary>What has become possible on a socket since it was told last.</summary>
[Flags]
internal enum Readiness : uint
{
    /// <summary>There is input, or the end of it.</summary>
    Input = 0x1,

    /// <summary>The system takes output again.</summary>
    Output = 0x4,

    /// <summary>The connection broke.</summary>
    Error = 0x8,

    /// <summary>Both directions ended.</summary>
    HangUp = 0x10,

    /// <summary>The other end sends no more.</summary>
    InputEnd = 0x2000,
}

/// <summary>Somebody who waits for a socket.</summary>
internal interface IPolled
{
    /// <summary>Called on the poller's thread, which all its sockets share: must not block. May be called for nothing.</summary>
    void OnReady(Readiness readiness);
}

/// <summary>
/// One thread that waits for many sockets (epoll, edge-triggered) and lets each deal with what it got, right there: a frame is read, parsed
/// and told to its actor without a change of threads.
/// </summary>
/// <remarks>
/// Edge-triggered means that readiness is told once: whoever hasn't read to the end must go on without being told again. A socket is
/// registered once, for both directions, and leaves by being closed.
/// </remarks>
internal sealed class SocketPoller : IDisposable
{
    private const uint EdgeTriggered = 1u << 31;
    private const int MaxEvents = 256;

    private readonly SafeFileHandle _epoll = Checked(Native.EpollCreate(Native.CloseOnExec));
    private readonly SafeFileHandle _wake = Checked(Native.EventFile(0, Native.CloseOnExec));
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly Lock _growing = new();
    private IPolled?[] _polled = new IPolled?[256]; // by file descriptor
    private volatile bool _stopped;

    public SocketPoller(ILogger<SocketPoller> log)
    {
        _log = log;
        Control(Native.Add, _wake, Readiness.Input);
        _thread = new Thread(Run) { Name = "socket-poller", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Calls <paramref name="polled"/> whenever something becomes possible, and soon for what is possible already.</summary>
    public void Add(SafeHandle socket, IPolled polled)
    {
        Replace(socket, polled);
        Control(Native.Add, socket, Readiness.Input | Readiness.Output | Readiness.InputEnd);
    }

    /// <summary>From now on somebody else is called for this socket. What was told already isn't told again.</summary>
    public void Replace(SafeHandle socket, IPolled polled)
    {
        var file = (int)socket.DangerousGetHandle();
        lock (_growing)
        {
            if (file >= _polled.Length)
            {
                var larger = new IPolled?[Math.Max(file + 1, _polled.Length * 2)];
                _polled.CopyTo(larger, 0);
                Volatile.Write(ref _polled, larger);
            }

            _polled[file] = polled;
        }
    }

    /// <summary>Nobody is called for this socket any more; it may be called once more for what was found already.</summary>
    public void Remove(SafeHandle socket)
    {
        Forget(socket);
        Control(Native.Delete, socket, 0);
    }

    /// <summary>As <see cref="Remove"/>, of a socket that is closed next, which removes it.</summary>
    public void Forget(SafeHandle socket)
    {
        lock (_growing)
        {
            _polled[(int)socket.DangerousGetHandle()] = null;
        }
    }

    /// <summary>Ends the thread. Its sockets are told nothing any more.</summary>
    public void Dispose()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        RandomAccess.Write(_wake, BitConverter.GetBytes(1ul), 0);
        _thread.Join();
        _wake.Dispose();
        _epoll.Dispose();
    }

    private void Run()
    {
        var events = GC.AllocateArray<byte>(MaxEvents * Native.EventSize, pinned: true);
        while (!_stopped)
        {
            var count = Native.EpollWait(_epoll, ref events[0], MaxEvents, -1);
            if (count < 0 && Marshal.GetLastPInvokeError() != Native.Interrupted)
            {
                throw new Win32Exception(); // a bug: none of the other errors can happen
            }

            for (var i = 0; i < count; i++)
            {
                var entry = events.AsSpan(i * Native.EventSize, Native.EventSize);
                Tell((int)MemoryMarshal.Read<ulong>(entry[Native.EventDataOffset..]), (Readiness)MemoryMarshal.Read<uint>(entry));
            }
        }
    }

    // A descriptor may belong to a newer socket by now, which is then told for nothing.
    private void Tell(int file, Readiness readiness)
    {
        try
        {
            Volatile.Read(ref _polled)[file]?.OnReady(readiness);
        }
        catch (Exception fault)
        {
            // One socket's fault must not silence the others.
            GatewayLog.SocketFault(_log, fault);
        }
    }

    private void Control(int operation, SafeHandle file, Readiness readiness)
    {
        Span<byte> change = stackalloc byte[Native.EventSize];
        MemoryMarshal.Write(change, (uint)readiness | EdgeTriggered);
        MemoryMarshal.Write(change[Native.EventDataOffset..], (ulong)file.DangerousGetHandle());
        if (Native.EpollControl(_epoll, operation, file, in change[0]) < 0)
        {
            throw new Win32Exception();
        }
    }

    private static SafeFileHandle Checked(SafeFileHandle handle) => handle.IsInvalid ? throw new Win32Exception() : handle;
}
