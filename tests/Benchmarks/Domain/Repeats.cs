using System.Diagnostics;
using Benchmarks.Runtime;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace Benchmarks.Domain;

/// <summary>What it costs a channel to recognise a repeated send for ever: <c>repeats</c>.</summary>
internal static class Repeats
{
    private const int Events = 1_000_000;
    private const int NewSends = 200_000;

    private static readonly DeviceId Device = new("1");

    public static Task<int> Run(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("repeats takes no arguments");
            return Task.FromResult(2);
        }

        var start = Stopwatch.GetTimestamp();
        var log = SendLog.Empty;
        for (var i = 0; i < Events; i++)
        {
            log = log.Append(Device, $"old-{i}");
        }

        Measure.Line($"{Events:N0} sends remembered", $"{Stopwatch.GetElapsedTime(start).TotalMicroseconds / Events:0.00} us", "each");
        var bytes = log.Blocks.Sum(block => (long)block.Bytes.Length);
        Measure.Line("memory of them", $"{bytes / 1e6:0.00} MB", $"{bytes / (double)Events:0.00} B each");

        var mistakes = 0;
        start = Stopwatch.GetTimestamp();
        for (var i = 0; i < NewSends; i++)
        {
            mistakes += log.Candidates(Device, $"new-{i}").Length;
        }

        var took = Stopwatch.GetElapsedTime(start).TotalMicroseconds / NewSends;
        Measure.Line("asking whether a new send may be a repeat", $"{took:0.00} us");
        Measure.Line("mistaken for one", $"{mistakes / (double)NewSends:0.0000}", "of a new send; each costs a read of 512 events");
        return Task.FromResult(0);
    }
}
