namespace Akka.Embedded.Tests.Membership.Scheduling;

/// <summary>
/// What happens to a cluster, one thing after another, as a seed will have it. After each the nodes that live must agree on each other, and
/// none may have gone that had no reason to; then those that have gone are started again.
/// </summary>
internal sealed class Schedule(IScheduledCluster cluster, string[] hosts, bool keepsOldest)
{
    // Long enough for all that a change brings about: to be noticed, to be stable, and to be decided and removed.
    private const double Settled = 15;

    private readonly List<string> _story = [];

    private Random Random => cluster.Random;

    /// <exception cref="InvalidOperationException">What must hold does not; with the story.</exception>
    public void Run(int episodes)
    {
        try
        {
            StartMissing();
            for (; episodes > 0; episodes--)
            {
                var mayEnd = Happen();
                cluster.Advance(Settled);
                Agree(mayEnd);
                StartMissing();
            }
        }
        catch (Exception e) when (e is ShouldAssertException or NullReferenceException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{e.Message}\n{string.Join('\n', _story)}\n{cluster.Describe()}", e);
        }
    }

    /// <summary>Something happens.</summary>
    /// <returns>Who may be gone after it.</returns>
    private string[] Happen() => Random.Next(9) switch
    {
        0 => Crash(1),
        1 => Crash((hosts.Length - 1) / 2),
        2 => Restart(),
        3 => Leave(),
        4 => Partition(),
        5 => CutPair(),
        6 => Flap(),
        7 => Pause(Random.NextDouble() * 3, mayEnd: false),
        _ => Pause(3 + Random.NextDouble() * 15, mayEnd: true),
    };

    private string[] Crash(int count)
    {
        var victims = Draw(count);
        Tell($"{string.Join(',', victims)} die");
        var mayEnd = IsDecidable(victims) ? victims : hosts;
        foreach (var victim in victims)
            cluster.Kill(victim);
        return mayEnd;
    }

    private string[] Restart()
    {
        var victim = Draw(1)[0];
        Tell($"{victim} dies and is started again");
        string[] mayEnd = IsDecidable([victim]) ? [] : hosts;
        cluster.Kill(victim);
        cluster.Advance(Random.NextDouble() * 5);
        if (cluster.Living.Any(node => node.Host != victim))
            cluster.Start(victim, hosts);
        return mayEnd;
    }

    private string[] Leave()
    {
        var leavers = Draw(1 + Random.Next(2));
        Tell($"{string.Join(',', leavers)} leave");
        foreach (var leaver in leavers)
            cluster.Leave(leaver);
        return leavers;
    }

    private string[] Partition()
    {
        var one = Draw(1 + Random.Next(hosts.Length - 1));
        var other = hosts.Except(one).ToArray();
        var seconds = Random.NextDouble() * 16;
        Tell($"{string.Join(',', one)} | {string.Join(',', other)} for {seconds:0.0} s");
        var losers = IsDecidable(one) ? one : IsDecidable(other) ? other : hosts;
        foreach (var left in one)
        {
            foreach (var right in other)
            {
                cluster.Cut(left, right);
                cluster.Cut(right, left);
            }
        }

        cluster.Advance(seconds);
        if (seconds > 13)
        {
            string[] survivors = [.. cluster.Living.Select(static node => node.Host)];
            (one.Intersect(survivors).Any() && other.Intersect(survivors).Any()).ShouldBeFalse("both sides go on");
            survivors.ShouldNotBeEmpty("no side goes on");
        }

        cluster.Heal(loses: Random.Next(2) == 0);
        return losers;
    }

    private string[] CutPair()
    {
        var pair = Draw(2);
        var seconds = Random.NextDouble() * 14;
        var isOneWay = Random.Next(2) == 0;
        Tell($"{pair[0]} {(isOneWay ? "doesn't reach" : "and")} {pair[1]} {(isOneWay ? "" : "don't reach each other ")}for {seconds:0.0} s");
        cluster.Cut(pair[0], pair[1]);
        if (!isOneWay)
            cluster.Cut(pair[1], pair[0]);
        cluster.Advance(seconds);
        cluster.Heal(loses: Random.Next(2) == 0);
        return pair;
    }

    /// <summary>Short cuts between two nodes, each too short to be noticed.</summary>
    private string[] Flap()
    {
        var pair = Draw(2);
        Tell($"the link between {pair[0]} and {pair[1]} flaps");
        for (var i = 0; i < 10; i++)
        {
            cluster.Cut(pair[0], pair[1]);
            if (Random.Next(2) == 0)
                cluster.Cut(pair[1], pair[0]);
            cluster.Advance(Random.NextDouble() * 1.8);
            cluster.Heal(loses: Random.Next(2) == 0);
            cluster.Advance(0.6 + Random.NextDouble());
        }

        return [];
    }

    private string[] Pause(double seconds, bool mayEnd)
    {
        var victim = Draw(1)[0];
        Tell($"{victim} stands still for {seconds:0.0} s");
        string[] losers = !mayEnd ? [] : IsDecidable([victim]) ? [victim] : hosts;
        cluster.Pause(victim);
        cluster.Advance(seconds);
        cluster.Resume(victim);
        return losers;
    }

    /// <summary>Whether the others certainly go on without these.</summary>
    private bool IsDecidable(string[] lost)
    {
        var kept = hosts.Except(lost).ToArray();
        if (!keepsOldest)
            return kept.Length > lost.Length || (kept.Length == lost.Length && kept.Contains(hosts[0]));
        var oldest = cluster.Living[0].Oldest!;
        var aloneIsDowned = hosts.Length > 2;
        return kept.Contains(oldest) ? kept.Length > 1 || !aloneIsDowned : lost.Length == 1 && aloneIsDowned;
    }

    private void Agree(string[] mayEnd)
    {
        string[] living = [.. cluster.Living.Select(static node => node.Host)];
        hosts.Except(mayEnd).Except(living).ShouldBeEmpty("gone without a reason");
        foreach (var node in cluster.Living)
            node.Members.ShouldBe(string.Concat(living), $"as {node.Host} sees it");
        cluster.Living.ShouldAllBe(node => node.Size == living.Length);
        cluster.Living.Select(static node => node.Leader).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
        cluster.Living.Select(static node => node.Oldest).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
    }

    private void StartMissing()
    {
        foreach (var host in hosts)
        {
            if (cluster.Living.All(node => node.Host != host))
                cluster.Start(host, hosts);
            cluster.Advance(Random.NextDouble() * 0.5);
        }

        cluster.AdvanceUntil(() => cluster.Living.Count == hosts.Length && cluster.Living.All(node => node.Size == hosts.Length), 40)
            .ShouldBeTrue("not all are up");
        cluster.Advance(Random.NextDouble() * 3);
    }

    private string[] Draw(int count)
    {
        var drawn = hosts.ToArray();
        Random.Shuffle(drawn);
        return drawn[..Math.Min(count, drawn.Length)];
    }

    private void Tell(string happening) => _story.Add($"{cluster.Now} {happening}");
}
