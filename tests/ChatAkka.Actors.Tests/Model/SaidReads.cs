using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// What users have said to have read. It may be lost only with both of those who were told: the user's actor by a crash, and the connection,
/// which would say it again, by its end.
/// </summary>
internal sealed class SaidReads(TimeProvider time)
{
    // An actor that is being recovered crashes when that is over, with what it was told meanwhile.
    private static readonly TimeSpan LongestRecovery = TimeSpan.FromSeconds(1);

    private readonly List<(ModelDevice Device, ModelSocket Socket, ChannelId Channel, long Id, DateTimeOffset At)> _said = [];
    private readonly Dictionary<UserId, DateTimeOffset> _crashed = [];

    public void Read(ModelDevice device, ChannelId channel, long id) => _said.Add((device, device.Socket!, channel, id, time.GetUtcNow()));

    public void UserCrashed(UserId user) => _crashed[user] = time.GetUtcNow();

    /// <summary>A settled moment: the store has it.</summary>
    public void Judge(TestStore truth)
    {
        foreach (var (device, socket, channel, id, at) in _said)
        {
            var membership = ChannelModel.Of(truth.Timeline(channel)).Memberships.LastOrDefault(m => m.User == device.User);
            var isMember = membership.To == long.MaxValue && membership.From <= id;
            var isAtRisk = _crashed.TryGetValue(device.User, out var crashed) && at <= crashed + LongestRecovery;
            if (isMember && (socket.ClosedAt is null || !isAtRisk))
            {
                truth.ReceiptOf(device.User, channel).Read.ShouldBeGreaterThanOrEqualTo(id, $"device {device.Id} said to have read it in {channel}");
            }
        }
    }
}
