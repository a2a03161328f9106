namespace ChatAkka.Protocol.Tests;

public sealed class CodesTests
{
    [Fact]
    public void The_error_codes_are_those_of_version_1() => ErrorCodes.All.Select(code => code.Name).ShouldBe(
    [
        "bad_request", "unknown_op", "unauthorized", "bad_credentials", "not_allowed", "blocked", "channel_not_found", "user_not_found",
        "message_not_found", "outdated", "username_taken", "text_empty", "text_too_long", "text_invalid", "group_too_large",
        "frame_too_large", "rate_limited", "busy", "unavailable", "internal",
    ]);

    [Fact]
    public void Every_field_of_ErrorCodes_is_in_the_list() =>
        typeof(ErrorCodes).GetFields().Where(field => field.FieldType == typeof(ErrorCode)).Select(field => field.GetValue(null)).ShouldBe(ErrorCodes.All, ignoreOrder: true);

    [Theory]
    [InlineData(CloseCode.GoingAway, 1001, true)]
    [InlineData(CloseCode.Abnormal, 1006, true)]
    [InlineData(CloseCode.FrameTooLarge, 1009, false)]
    [InlineData(CloseCode.InternalError, 1011, true)]
    [InlineData(CloseCode.ServiceRestart, 1012, true)]
    [InlineData(CloseCode.BadFrame, 4400, false)]
    [InlineData(CloseCode.Unauthorized, 4401, false)]
    [InlineData(CloseCode.Revoked, 4403, false)]
    [InlineData(CloseCode.HeartbeatTimeout, 4408, true)]
    [InlineData(CloseCode.Replaced, 4409, false)]
    [InlineData(CloseCode.TooSlow, 4429, true)]
    public void A_close_code_says_whether_the_client_comes_back(CloseCode code, int number, bool comesBack)
    {
        ((int)code).ShouldBe(number);
        CloseCodes.ComesBack(code).ShouldBe(comesBack);
    }
}
