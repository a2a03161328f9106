using System.Diagnostics;
using ChatAkka.Tests.Processes;

namespace ChatAkka.Tests.MultiNode;

/// <summary>How a process ended.</summary>
/// <param name="Code">Its exit code; 128 more than the signal's number, if one killed it.</param>
/// <param name="Took">The time since it was asked to.</param>
internal sealed record NodeEnd(int Code, TimeSpan Took);

/// <summary>One life of a node. It doesn't outlive this program, however that ends.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly Process _process;
    private readonly Action<int> _endedByItself;
    private long _askedAt;
    private int _isAsked;

    /// <param name="start">With redirected output.</param>
    /// <param name="said">Told each line of it, on any thread.</param>
    /// <param name="endedByItself">Told the exit code, on any thread, if it ends without having been asked or killed.</param>
    /// <exception cref="ServerFailedException">The program can't be started.</exception>
    public NodeProcess(ProcessStartInfo start, Action<string> said, Action<int> endedByItself)
    {
        _endedByItself = endedByItself;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Tell(line.Data);
        _process.ErrorDataReceived += (_, line) => Tell(line.Data);
        _process.Exited += (_, _) => OnExited();
        if (!_process.Start())
        {
            throw new ServerFailedException($"'{start.FileName}' can't be started");
        }

        Pid = _process.Id;
        Reaper.Add(Pid);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Tell(string? line)
        {
            if (line is not null)
            {
                said(line);
            }
        }
    }

    public int Pid { get; }

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>It was stopped where it is.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Processor time so far, of user and system.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Ends it at once and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Interlocked.Exchange(ref _isAsked, 1);
        _process.Kill(); // SIGKILL where signals are, for a frozen one too
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops it where it is, without its knowledge.</summary>
    public void Freeze()
    {
        Posix.Freeze(Pid);
        IsFrozen = true;
    }

    /// <summary>Lets it go on, if it was frozen.</summary>
    public void Thaw()
    {
        if (IsFrozen && !HasEnded)
        {
            Posix.Thaw(Pid);
        }

        IsFrozen = false;
    }

    /// <summary>Asks it to end.</summary>
    public void BeginStop()
    {
        _askedAt = Stopwatch.GetTimestamp();
        Interlocked.Exchange(ref _isAsked, 1);
        Posix.Terminate(Pid);
    }

    /// <summary>Waits for the end that was asked for; null if it doesn't come in time.</summary>
    public async Task<NodeEnd?> EndOfStopAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return new NodeEnd(_process.ExitCode, Stopwatch.GetElapsedTime(_askedAt));
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref _isAsked, 1);
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        Reaper.Remove(Pid);
        _process.Dispose();
    }

    private void OnExited()
    {
        if (Interlocked.Exchange(ref _isAsked, 1) == 0)
        {
            _endedByItself(_process.ExitCode);
        }
    }
}
