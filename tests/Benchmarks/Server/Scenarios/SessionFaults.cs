using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>What sessions and the server complained about, counted into a result.</summary>
internal static class SessionFaults
{
    public static void AddTo(RunResult result, IReadOnlyCollection<ChatSession> sessions, IMeasured server)
    {
        var complaints = server.TakeComplaints();
        result
            .WithFault("corrupted", sessions.Sum(session => session.Faults.Corrupted))
            .WithFault("unacknowledged", sessions.Sum(session => session.Sent - session.Acknowledged.Received))
            .WithFault("acknowledged_twice", sessions.Sum(session => session.Acknowledged.Duplicated))
            .WithFault("ids_not_once", sessions.Sum(session => Math.Abs(session.Ids.Missing)))
            .WithFault("ids_out_of_order", sessions.Sum(session => session.Ids.Disorder))
            .WithFault("errors", sessions.Sum(session => session.Faults.Errors))
            .WithFault("unknown_frames", sessions.Sum(session => session.Faults.Unknown))
            .WithFault("closed", sessions.Count(session => session.Failure is not null))
            .WithFault("server_complaints", complaints.Count);
        result.Faults.AddRange(sessions.Select(session => session.Failure ?? session.Faults.FirstError).OfType<string>().Distinct().Take(3));
        result.Faults.AddRange(complaints.Distinct().Take(3));
    }
}
