using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Push.Tests.Support;
using ChatAkka.Push.Webhooks;

namespace ChatAkka.Push.Tests.Webhooks;

/// <summary>What a receiver gets over a real connection, and what its answers mean.</summary>
public sealed class WebhookPushSenderTests : IAsyncLifetime
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(n => (byte)n)];

    private static readonly PushNotification Notification = new(
        "a1b2-7",
        new UserId("9"),
        new ChannelId("9-345"),
        ChannelKind.Direct,
        "",
        new UserId("345"),
        "Ann \"<안나>\"",
        17,
        1_800_000_000_123,
        3,
        "hé 😀\n");

    private readonly ManualTime _time = new();
    private readonly Receiver _receiver = new();
    private WebhookPushSender _sender = null!;

    public Task InitializeAsync()
    {
        _sender = Create(_receiver.Url);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _sender.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Notification_is_posted_as_json_with_its_id_in_a_header()
    {
        (await SendAsync()).ShouldBe(new PushOutcome.Delivered());

        var request = await _receiver.NextAsync();
        request.Line.ShouldBe("POST /push?from=chat HTTP/1.1");
        request.Headers["content-type"].ShouldBe("application/json");
        request.Headers["chatakka-delivery"].ShouldBe("a1b2-7");
        using var json = JsonDocument.Parse(request.Body);
        json.RootElement.EnumerateObject().Select(member => $"{member.Name}={member.Value}").ShouldBe(
            [
                "id=a1b2-7", "type=message", "user=9", "channel=9-345", "kind=direct", "title=", "from=345", "from_name=Ann \"<안나>\"",
                "message_id=17", "at=1800000000123", "count=3", "preview=hé 😀\n",
            ]);
    }

    [Fact]
    public async Task Request_is_signed_at_the_time_of_the_attempt()
    {
        _time.Advance(TimeSpan.FromMilliseconds(90_500));
        await SendAsync();

        var request = await _receiver.NextAsync();
        request.Headers["chatakka-timestamp"].ShouldBe("1800000090");
        var signed = Encoding.UTF8.GetBytes($"1800000090.{request.Text}");
        request.Headers["chatakka-signature"].ShouldBe($"v1={Convert.ToHexStringLower(HMACSHA256.HashData(Key, signed))}");
    }

    [Fact]
    public async Task Request_says_nothing_but_what_it_must()
    {
        await SendAsync();
        (await _receiver.NextAsync()).Headers.Keys.ShouldBe(
            ["host", "chatakka-delivery", "chatakka-timestamp", "chatakka-signature", "content-type", "content-length"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("200 OK")]
    [InlineData("202 Accepted")]
    [InlineData("204 No Content")]
    [InlineData("299 Odd")]
    public async Task Success_is_delivered(string status)
    {
        _receiver.Answer = _ => Receiver.Status(status);
        (await SendAsync()).ShouldBe(new PushOutcome.Delivered());
    }

    [Theory]
    [InlineData(408)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(599)]
    public async Task Failure_that_may_pass_is_repeated(int status)
    {
        _receiver.Answer = _ => Receiver.Status($"{status} Sorry");
        (await SendAsync()).ShouldBe(new PushOutcome.Retry($"status {status}"));
    }

    [Theory]
    [InlineData(304)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(422)]
    public async Task Failure_that_wont_pass_is_final(int status)
    {
        _receiver.Answer = _ => Receiver.Status($"{status} No", "Retry-After: 5\r\n");
        (await SendAsync()).ShouldBe(new PushOutcome.Rejected($"status {status}"));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_is_not_followed(int status)
    {
        await using var elsewhere = new Receiver();
        _receiver.Answer = _ => Receiver.Status($"{status} Elsewhere", $"Location: {elsewhere.Url}\r\n");

        (await SendAsync()).ShouldBe(new PushOutcome.Rejected($"status {status}"));
        (elsewhere.HasMore, elsewhere.Connections).ShouldBe((false, 0));
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("Fri, 15 Jan 2027 08:01:30 GMT", 90)]
    [InlineData("Fri, 15 Jan 2027 07:59:00 GMT", -60)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData("99999999999999", null)]
    public async Task Wait_that_is_asked_for_is_passed_on(string header, int? seconds)
    {
        _receiver.Answer = _ => Receiver.Status("503 Sorry", $"Retry-After: {header}\r\n");
        (await SendAsync()).ShouldBe(new PushOutcome.Retry("status 503", seconds is { } s ? TimeSpan.FromSeconds(s) : null));
    }

    [Fact]
    public async Task Receiver_that_doesnt_answer_in_time_is_asked_again()
    {
        _receiver.Answer = _ => null;
        var sending = _sender.SendAsync(Notification, CancellationToken.None);
        await _receiver.NextAsync();
        _time.Advance(TimeSpan.FromMilliseconds(9_999));
        sending.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await sending.Within("the time to be over")).ShouldBe(new PushOutcome.Retry("no answer in time"));
    }

    [Fact]
    public async Task Receiver_that_breaks_off_is_asked_again()
    {
        _receiver.Answer = _ => "";
        (await SendAsync()).ShouldBe(new PushOutcome.Retry("no answer: ResponseEnded"));
    }

    [Fact]
    public async Task Receiver_that_doesnt_speak_http_is_asked_again()
    {
        _receiver.Answer = _ => "220 mail.example.org ESMTP\r\n\r\n";
        (await SendAsync()).ShouldBe(new PushOutcome.Retry("no answer: InvalidResponse"));
    }

    [Fact]
    public async Task Receiver_that_isnt_there_is_asked_again()
    {
        var gone = new Receiver();
        await gone.DisposeAsync();
        using var sender = Create(gone.Url);

        (await sender.SendAsync(Notification, CancellationToken.None).Within("an outcome"))
            .ShouldBe(new PushOutcome.Retry("no answer: ConnectionError"));
    }

    [Fact]
    public async Task Connection_is_used_again_after_a_short_answer_and_closed_after_a_long_one()
    {
        _receiver.Answer = _ => Receiver.Status("200 OK", body: new string('x', 1_000));
        await SendAsync();
        await SendAsync();
        _receiver.Connections.ShouldBe(1);

        _receiver.Answer = _ => Receiver.Status("200 OK", body: new string('x', 2_000_000));
        (await SendAsync()).ShouldBe(new PushOutcome.Delivered());
        (await SendAsync()).ShouldBe(new PushOutcome.Delivered());
        _receiver.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task Endless_answer_takes_no_time()
    {
        // Says that more comes, and nothing does.
        _receiver.Answer = _ => "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nx";
        (await SendAsync()).ShouldBe(new PushOutcome.Delivered());
    }

    [Fact]
    public async Task Attempt_that_is_cancelled_says_so()
    {
        _receiver.Answer = _ => null;
        using var cancel = new CancellationTokenSource();
        var sending = _sender.SendAsync(Notification, cancel.Token);
        await _receiver.NextAsync();
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => sending.Within("the end of the attempt"));
    }

    private Task<PushOutcome> SendAsync() => _sender.SendAsync(Notification, CancellationToken.None).Within("an outcome");

    private WebhookPushSender Create(string url)
    {
        var webhook = new WebhookOptions { Url = url, Secret = Convert.ToBase64String(Key), TimeoutMs = 10_000 };
        return new WebhookPushSender(new PushOptions { Webhook = webhook }, _time);
    }
}
