namespace ChatAkka.Server.Verbs;

/// <summary>Something that the program does besides serving.</summary>
/// <param name="Target">What it is applied to, as its usage calls it; empty for nothing.</param>
/// <param name="Meaning">What it does, for <c>--help</c>.</param>
internal sealed record Verb(string Name, string Target, string Meaning, Func<VerbLine, TimeProvider, Task<int>> RunAsync)
{
    /// <summary>How it is called.</summary>
    public string Usage => $"ChatAkka.Server {Name} {(Target.Length > 0 ? Target + " " : "")}[SETTINGS]";
}
