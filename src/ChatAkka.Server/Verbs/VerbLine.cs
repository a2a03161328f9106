namespace ChatAkka.Server.Verbs;

/// <summary>
/// The command line of a verb after its name: what it is applied to, then settings as for serving. Whoever names something here loads it,
/// which serving must not pay for.
/// </summary>
internal sealed record VerbLine(string Target, string[] Settings)
{
    private static readonly Verb[] Verbs =
    [
        new("export", "DIR", "write accounts, channels and timelines into the new directory DIR as JSON lines", StoreVerbs.ExportAsync),
        new("import", "DIR", "load what export has written into the configured store, which must be empty", StoreVerbs.ImportAsync),
        new("migrate", "", "bring the configured store to the schema of this version, which serving does too", StoreVerbs.MigrateAsync),
    ];

    public static bool IsHelp(string argument) => argument is "--help" or "-h";

    /// <summary>Does what the command line says. The exit code is 0 when that is done.</summary>
    public static Task<int> RunAsync(string[] arguments, TimeProvider time)
    {
        var name = arguments[0];
        if (IsHelp(name) || name == "help")
        {
            Console.WriteLine(Help());
            return Task.FromResult(0);
        }

        if (Array.Find(Verbs, verb => verb.Name == name) is not { } verb)
        {
            var known = string.Join(", ", Verbs.Select(other => other.Name));
            return Task.FromResult(Refusal.Of($"'{name}' is no verb of this program. Its verbs are {known}; --help says more."));
        }

        return Parse(verb, arguments[1..]) is { } line
            ? verb.RunAsync(line, time)
            : Task.FromResult(Refusal.Of($"That isn't how {verb.Name} is used, which is: {verb.Usage}"));
    }

    /// <summary>Null unless there is exactly what the verb is applied to, and then nothing but settings.</summary>
    private static VerbLine? Parse(Verb verb, string[] arguments)
    {
        var targets = arguments.TakeWhile(argument => !argument.StartsWith('-')).ToArray();
        var settings = arguments[targets.Length..];
        var isComplete = targets.Length == (verb.Target.Length > 0 ? 1 : 0) && targets.All(target => target.Length > 0);
        return isComplete && AreSettings(settings) ? new VerbLine(targets.FirstOrDefault(""), settings) : null;
    }

    // --name value, or --name=value.
    private static bool AreSettings(ReadOnlySpan<string> arguments)
    {
        while (!arguments.IsEmpty)
        {
            var length = arguments[0].Contains('=') ? 1 : 2;
            if (!arguments[0].StartsWith("--", StringComparison.Ordinal) || arguments.Length < length)
            {
                return false;
            }

            arguments = arguments[length..];
        }

        return true;
    }

    private static string Help() =>
        $"""
        ChatAkka.Server [SETTINGS]
            serve until told to stop
        {string.Join(Environment.NewLine, Verbs.Select(verb => $"{verb.Usage}{Environment.NewLine}    {verb.Meaning}"))}

        SETTINGS are --Section:Name VALUE, over those of the environment and of config/chatakka.json (or --config FILE).
        """;
}
