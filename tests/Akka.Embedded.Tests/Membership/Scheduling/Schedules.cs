using Akka.Cluster;
using Akka.Cluster.SBR;

namespace Akka.Embedded.Tests.Membership.Scheduling;

/// <summary>
/// Runs random schedules: as many as <c>CHATAKKA_SCHEDULES</c> says, or else a few, from the seed <c>CHATAKKA_FIRST_SCHEDULE</c>, or else 1,
/// on.
/// </summary>
internal static class Schedules
{
    /// <param name="usual">How many.</param>
    /// <param name="episodes">How many things happen in each.</param>
    /// <param name="create">Makes the cluster of a seed.</param>
    public static void Run(int usual, int episodes, Func<int, ClusterSetup, IScheduledCluster> create)
    {
        List<string> failures = [];
        foreach (var seed in Enumerable.Range(Number("CHATAKKA_FIRST_SCHEDULE", 1), Number("CHATAKKA_SCHEDULES", usual)))
        {
            var random = new Random(seed);
            SplitBrainStrategy strategy = random.Next(4) == 0 ? new KeepOldest() : new KeepMajority();
            string[] hosts = [.. "abcdefg".Take(random.Next(3, 8)).Select(static c => $"{c}")];
            try
            {
                new Schedule(create(seed, new ClusterSetup { SplitBrainResolver = strategy }), hosts, strategy is KeepOldest).Run(episodes);
            }
            catch (InvalidOperationException e)
            {
                failures.Add($"Schedule {seed}, {strategy}: {e.Message}");
            }
        }

        failures.ShouldBeEmpty($"{failures.Count} have failed\n{string.Join("\n\n", failures.Take(3))}");
    }

    private static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : usual;
}
