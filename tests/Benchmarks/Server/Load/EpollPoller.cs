using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Benchmarks.Server.Load;

/// <summary>Linux: one system call tells all ready sockets, whatever their number, with a time-out finer than a millisecond.</summary>
internal sealed partial class EpollPoller : Poller
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Delete = 2;
    private const int Modify = 3;
    private const uint Input = 1;
    private const uint Output = 4;
    private const int Interrupted = 4;

    // struct epoll_event is { uint32 events; uint64 data } without padding on x86-64, and naturally aligned elsewhere.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(ulong);

    private readonly SafeFileHandle _epoll = Checked(Create(CloseOnExec));
    private readonly byte[] _events = GC.AllocateArray<byte>(MaxReady * EventSize, pinned: true);
    private readonly byte[] _change = GC.AllocateArray<byte>(EventSize, pinned: true);

    /// <summary>epoll_pwait2 came with Linux 5.11 and glibc 2.35.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess
        && Environment.OSVersion.Version >= new Version(5, 11)
        && NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "epoll_pwait2", out _);

    public override string Name => "epoll";

    public override void Watch(ClientSocket socket) => Control(Add, socket, Input);

    public override void WatchOutput(ClientSocket socket, bool watch) => Control(Modify, socket, watch ? Input | Output : Input);

    public override void Forget(ClientSocket socket) => Control(Delete, socket, 0);

    public override int Wait(TimeSpan timeout)
    {
        var time = new Timespec((long)timeout.TotalSeconds, timeout.Ticks % TimeSpan.TicksPerSecond * 100);
        var count = PollWait(_epoll, ref _events[0], MaxReady, in time, 0);
        if (count < 0)
        {
            return Marshal.GetLastPInvokeError() == Interrupted ? 0 : throw new Win32Exception();
        }

        for (var i = 0; i < count; i++)
        {
            var entry = _events.AsSpan(i * EventSize, EventSize);
            var flags = MemoryMarshal.Read<uint>(entry);
            Ready[i] = new Readiness(MemoryMarshal.Read<int>(entry[DataOffset..]), (flags & ~Output) != 0, (flags & Output) != 0);
        }

        return count;
    }

    public override void Dispose() => _epoll.Dispose();

    private static SafeFileHandle Checked(SafeFileHandle handle) => handle.IsInvalid ? throw new Win32Exception() : handle;

    private void Control(int operation, ClientSocket socket, uint flags)
    {
        MemoryMarshal.Write(_change, flags);
        MemoryMarshal.Write(_change.AsSpan(DataOffset), (ulong)socket.Slot);
        if (Control(_epoll, operation, socket.Handle, ref _change[0]) < 0)
        {
            throw new Win32Exception();
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial SafeFileHandle Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle epoll, int operation, SafeSocketHandle socket, ref byte change);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    private static partial int PollWait(SafeFileHandle epoll, ref byte events, int maxEvents, in Timespec timeout, nint signals);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Timespec(long Seconds, long Nanoseconds);
}
