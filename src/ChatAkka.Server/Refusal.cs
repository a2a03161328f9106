namespace ChatAkka.Server;

/// <summary>How the program ends when it can't do what it was started for: sentences on the standard error, and exit code 2.</summary>
internal static class Refusal
{
    public static int Of(params IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            Console.Error.WriteLine(sentence);
        }

        return 2;
    }
}
