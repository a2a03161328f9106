namespace ChatAkka.Replay.Scenarios;

/// <summary>One way of replaying; one row of the table.</summary>
internal interface IScenario
{
    /// <summary>As <c>--scenario</c> and the table name it.</summary>
    string Name { get; }

    /// <summary>How many texts it will send.</summary>
    int Messages { get; }

    /// <summary>Plays it. Whatever it began is in the arena's conversations, also when it fails.</summary>
    Task PlayAsync(Arena arena);
}
