namespace Akka.Actor;

/// <summary>The names that actors get, and those that they may be given.</summary>
internal static class ActorNames
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    /// <summary>A short name from a number, for an actor that was given none: $a, $b, …, $~, $ab, $bb, ….</summary>
    public static string Generate(long number)
    {
        Span<char> buffer = stackalloc char[12];
        buffer[0] = '$';
        var length = 1;
        do
        {
            buffer[length++] = Digits[(int)(number & 63)];
            number >>>= 6;
        }
        while (number != 0);
        return new string(buffer[..length]);
    }

    /// <exception cref="InvalidActorNameException">The name is not a valid element of a path.</exception>
    public static void Validate(string name)
    {
        if (name.Length == 0)
            throw new InvalidActorNameException("An actor's name can't be empty");
        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"[{name}] can't name an actor: a name has ASCII letters, digits and {ActorPath.ValidSymbols}, and does not begin with $");
        }
    }
}
