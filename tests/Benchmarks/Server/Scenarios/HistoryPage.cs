using System.Globalization;
using System.Text;
using System.Text.Json;
using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;

namespace Benchmarks.Server.Scenarios;

/// <summary>The messages of a channel that stand right before the id <paramref name="Before"/>.</summary>
internal readonly record struct HistoryPage(Correspondence Of, long Before)
{
    public const int Length = 50;

    /// <summary>A full page anywhere in the channel.</summary>
    public static HistoryPage Random(Correspondence channel, Random random) =>
        new(channel, channel.First + random.NextInt64(Length, channel.Count + 1));

    public byte[] Fetch(HttpApi http) => http.Messages(Of.Token, Of.Channel, $"?before={Before}&limit={Length}");

    /// <summary>Whether the answer is this page: every message of it, in order, with its text.</summary>
    public bool Is(byte[] answer)
    {
        using var page = JsonDocument.Parse(answer);
        var id = Before - Length;
        foreach (var message in page.RootElement.GetProperty("messages").EnumerateArray())
        {
            var text = Encoding.UTF8.GetBytes(message.GetProperty("text").GetString()!);
            if (message.GetProperty("id").GetString() != id.ToString(CultureInfo.InvariantCulture)
                || !MessageBody.TryRead(text, out _, out var number) || number != id - Of.First)
            {
                return false;
            }

            id++;
        }

        return id == Before;
    }
}
