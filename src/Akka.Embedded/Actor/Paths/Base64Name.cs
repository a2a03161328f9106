namespace Akka.Actor;

/// <summary>Short names from numbers, for actors that were given none: a, b, …, ~, ab, bb, ….</summary>
internal static class Base64Name
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    public static string Of(long number)
    {
        Span<char> buffer = stackalloc char[11];
        var length = 0;
        do
        {
            buffer[length++] = Digits[(int)(number & 63)];
            number >>>= 6;
        }
        while (number != 0);
        return new string(buffer[..length]);
    }
}
