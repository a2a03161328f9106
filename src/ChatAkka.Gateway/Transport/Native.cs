using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChatAkka.Gateway.Transport;

/// <summary>The few system calls of Linux that <see cref="SocketPoller"/> and its sockets are made of.</summary>
internal static partial class Native
{
    public const int CloseOnExec = 0x80000;
    public const int Add = 1;
    public const int Delete = 2;
    public const int Peek = 0x02;
    public const int DontWait = 0x40;
    public const int NoSignal = 0x4000;
    public const int Both = 2;
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int SocketLevel = 1;
    public const int LingerOption = 13;

    // struct epoll_event is { uint32 events; uint64 data }, without padding on x86-64 and naturally aligned elsewhere.
    public static readonly int EventDataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    public static readonly int EventSize = EventDataOffset + sizeof(ulong);

    /// <summary>The numbers above hold on every 64-bit Linux.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial SafeFileHandle EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(SafeFileHandle epoll, int operation, SafeHandle file, in byte change);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(SafeFileHandle epoll, ref byte events, int maxEvents, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial SafeFileHandle EventFile(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(SafeHandle socket, ref byte buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(SafeHandle socket, in byte buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(SafeHandle socket, int how);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(SafeHandle socket, int level, int option, in Linger value, int length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(nint file);

    /// <summary>struct linger.</summary>
    /// <param name="IsOn">Not 0: closing waits for what isn't sent yet.</param>
    /// <param name="Seconds">How long; after that, which 0 makes at once, the connection is reset.</param>
    public readonly record struct Linger(int IsOn, int Seconds);
}
