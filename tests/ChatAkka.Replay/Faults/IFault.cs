namespace ChatAkka.Replay.Faults;

/// <summary>Something bad that happens to the servers, or to what they depend on, and passes.</summary>
internal interface IFault
{
    /// <summary>As the command line and the report name it.</summary>
    string Name { get; }

    /// <summary>What servers had in memory may be gone afterwards.</summary>
    bool EndsLives { get; }

    /// <summary>Lets it happen, last, and pass: when this completes everything is there again, though perhaps not at rest.</summary>
    /// <param name="record">Gets what it hit, and what went wrong that shouldn't have.</param>
    Task StrikeAsync(FaultRecord record, Random random, TimeProvider time);
}
