using ChatAkka.Domain.Push;

namespace ChatAkka.Domain.Tests.Push;

public sealed class PushOptionsTests
{
    private static readonly string Secret = Convert.ToBase64String(new byte[32]);
    private const string BadUrl = "Push:Webhook:Url must be an absolute http:// or https:// URL without a user name.";
    private const string BadSecret = "Push:Webhook:Secret must be base64 of at least 32 bytes.";

    [Fact]
    public void Defaults_are_valid_and_switch_push_off()
    {
        new PushOptions().Validate().ShouldBeEmpty();
        new PushOptions().IsEnabled.ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/push")]
    [InlineData("https://push.example.org")]
    public void Url_and_secret_switch_push_on(string url)
    {
        var options = new PushOptions { Webhook = new WebhookOptions { Url = url, Secret = Secret } };
        options.Validate().ShouldBeEmpty();
        options.IsEnabled.ShouldBeTrue();
    }

    [Theory]
    [InlineData("push.example.org")]
    [InlineData("/push")]
    [InlineData("ftp://push.example.org")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://")]
    [InlineData("https://user:password@push.example.org")]
    [InlineData(" ")]
    public void Url_that_cant_be_posted_to_is_refused_without_being_told(string url) =>
        new PushOptions { Webhook = new WebhookOptions { Url = url, Secret = Secret } }.Validate().ShouldBe([BadUrl]);

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("c2hvcnQ=")]
    public void Url_without_a_usable_secret_is_refused(string secret) =>
        new PushOptions { Webhook = new WebhookOptions { Url = "http://here", Secret = secret } }.Validate().ShouldBe([BadSecret]);

    [Fact]
    public void Every_setting_out_of_range_is_named() =>
        new PushOptions
        {
            Webhook = new WebhookOptions { TimeoutMs = 0 },
            ConcurrentSends = 0,
            MaxAttempts = 0,
            FirstRetryMs = 0,
            LongestRetryMs = 0,
            PreviewLength = -1,
        }.Validate().Select(error => error.Split(' ')[0]).ShouldBe(
            [
                "Push:Webhook:TimeoutMs", "Push:ConcurrentSends", "Push:MaxAttempts", "Push:FirstRetryMs", "Push:LongestRetryMs",
                "Push:PreviewLength",
            ]);

    [Fact]
    public void First_wait_above_the_longest_is_refused() =>
        new PushOptions { FirstRetryMs = 2_000, LongestRetryMs = 1_000 }.Validate()
            .ShouldBe(["Push:LongestRetryMs must not be less than Push:FirstRetryMs."]);
}
