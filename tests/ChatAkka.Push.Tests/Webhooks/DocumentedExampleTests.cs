using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Push.Webhooks;

namespace ChatAkka.Push.Tests.Webhooks;

/// <summary>The request that docs/push.md shows is what the server sends, and its signature is right.</summary>
public sealed partial class DocumentedExampleTests
{
    private static readonly string Page = File.ReadAllText(FindPage());

    private static readonly PushNotification Notification = new(
        "4be1f0c2a97d6e35-42",
        new UserId("9"),
        new ChannelId("7001"),
        ChannelKind.Group,
        "Friday",
        new UserId("345"),
        "Ann",
        17,
        1_799_999_999_500,
        3,
        "Who brings the crème brûlée?");

    [Fact]
    public void Body_of_the_example_is_what_is_sent() => Shown(Body()).ShouldBe(Encoding.UTF8.GetString(WebhookBody.Write(Notification)));

    [Fact]
    public void Signature_of_the_example_is_right()
    {
        var signature = new WebhookSignature(Convert.FromBase64String(Shown(Secret())));
        Shown(Signature()).ShouldBe(signature.Of(Shown(Timestamp()), Encoding.UTF8.GetBytes(Shown(Body()))));
    }

    [Fact]
    public void Example_names_its_delivery_in_the_header() => Shown(Delivery()).ShouldBe(Notification.Id);

    [Fact]
    public void Table_of_waits_is_that_of_the_defaults()
    {
        var options = new PushOptions();
        var waits = Enumerable.Range(0, options.MaxAttempts - 1)
            .Select(doublings => Math.Min(options.LongestRetryMs, options.FirstRetryMs << doublings) / 1_000)
            .Select(seconds => seconds.ToString("N0", CultureInfo.InvariantCulture));
        Shown(Waits()).ShouldBe($"{string.Join(" | ", waits)} | gives up");
    }

    private static string Shown(Regex what)
    {
        var found = what.Match(Page);
        found.Success.ShouldBeTrue(what.ToString());
        return found.Groups["it"].Value;
    }

    private static string FindPage()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ChatAkka.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException($"no ChatAkka.sln above {AppContext.BaseDirectory}");
        }

        return Path.Combine(directory.FullName, "docs", "push.md");
    }

    [GeneratedRegex(@"^    (?<it>\{""id"".*\})\r?$", RegexOptions.Multiline)]
    private static partial Regex Body();

    [GeneratedRegex("^    ChatAkka-Signature: (?<it>.*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex Signature();

    [GeneratedRegex("^    ChatAkka-Timestamp: (?<it>.*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex Timestamp();

    [GeneratedRegex("^    ChatAkka-Delivery: (?<it>.*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex Delivery();

    [GeneratedRegex("is right for the secret `(?<it>[^`]*)`")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^\| waits at most, s \| (?<it>.*?) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Waits();
}
