namespace Benchmarks.Server.Chat;

/// <summary>Whether numbers that should come as 0, 1, 2, … do. Costs a comparison as long as they do.</summary>
internal sealed class SequenceCheck
{
    private readonly HashSet<long> _missing = [];
    private long _next;

    /// <summary>Different numbers that came.</summary>
    public long Received { get; private set; }

    /// <summary>Numbers that came again.</summary>
    public long Duplicated { get; private set; }

    /// <summary>Numbers that came after a larger one.</summary>
    public long Reordered { get; private set; }

    /// <summary>False if the number came before.</summary>
    public bool Accept(long number)
    {
        if (number == _next)
        {
            _next++;
            Received++;
            return true;
        }

        return AcceptUnexpected(number);
    }

    private bool AcceptUnexpected(long number)
    {
        if (number > _next)
        {
            for (var skipped = _next; skipped < number; skipped++)
            {
                _missing.Add(skipped);
            }

            _next = number + 1;
            Received++;
            return true;
        }

        if (_missing.Remove(number))
        {
            Reordered++;
            Received++;
            return true;
        }

        Duplicated++;
        return false;
    }
}
