using ChatAkka.Domain.Discovery;

namespace ChatAkka.Actors.Discovery;

/// <summary>Makes plans, and keeps the last one: mostly it is for the same nodes that is asked. One caller at a time.</summary>
/// <param name="shards">How many there are.</param>
internal sealed class LastPlan(int shards)
{
    private (string Nodes, ShardPlan Plan)? _last;

    /// <summary>The plan for these nodes.</summary>
    public ShardPlan For(IEnumerable<string> nodes)
    {
        var names = nodes.Order(StringComparer.Ordinal).ToArray();
        var all = string.Join(' ', names);
        if (_last is not { } last || last.Nodes != all)
        {
            _last = last = (all, ShardPlan.Of(names, shards));
        }

        return last.Plan;
    }
}
