using ChatAkka.Client;
using ChatAkka.Client.Http;
using ChatAkka.Protocol;
using ChatAkka.Replay.Clients;

namespace ChatAkka.Replay.Scenarios;

/// <summary>
/// In the middle of a group's talk somebody leaves, or is removed by the owner, and somebody else joins in their place and says their
/// lines.
/// </summary>
/// <param name="founders">The first device of each first member, the owner's first.</param>
/// <param name="leaver">The number of the one who leaves; 0 for the owner, whose group passes on.</param>
/// <param name="newcomer">The devices of the one who joins.</param>
internal sealed class Succession(
    Arena arena, Conversation conversation, IReadOnlyList<DeviceClient> founders, int leaver, IReadOnlyList<DeviceClient> newcomer)
{
    /// <summary>A device of the one who leaves.</summary>
    public DeviceClient Leaver => founders[leaver];

    /// <summary>The device that says the leaver's lines from then on.</summary>
    public DeviceClient Successor => newcomer[0];

    /// <summary>The change; what the leaver has begun is done.</summary>
    public async Task TakePlaceAsync()
    {
        var (channel, gone) = (conversation.Channel!, Leaver.UserId);
        var remover = leaver == 0 ? Leaver : founders[0];
        conversation.Gone = conversation.Gone.Add(gone);
        await CallAsync(remover, (http, stop) => RemoveAsync(http, channel, gone, stop)).ConfigureAwait(false);
        var witness = founders.First(d => d.UserId != gone);
        var details = await arena.Api.CallAsync(witness.Token, (http, stop) => http.GetChannelAsync(channel, stop), arena.Waits.Ended)
            .ConfigureAwait(false);
        var owner = details.Members.Single(m => m.Role == "owner").User;
        conversation.Devices.AddRange(newcomer);
        await CallAsync(
            founders.First(d => d.UserId == owner),
            (http, stop) => http.PutMemberAsync(channel, Successor.UserId, cancel: stop)).ConfigureAwait(false);
    }

    /// <summary>The one who left tries once more to see what there is, with an old backup.</summary>
    public Task ComeBackAsync() =>
        arena.Waits.For(Leaver.RestoreAsync(conversation.Channel!), () => $"{Leaver.Name} to come back with a backup of the channel it left");

    private Task CallAsync(DeviceClient by, Func<ChatHttpClient, CancellationToken, Task> call) =>
        arena.Api.CallAsync(by.Token, call, arena.Waits.Ended);

    private static async Task RemoveAsync(ChatHttpClient http, string channel, string user, CancellationToken cancel)
    {
        try
        {
            await http.RemoveMemberAsync(channel, user, cancel).ConfigureAwait(false);
        }
        catch (ChatException e) when (e.Code == ErrorCodes.ChannelNotFound.Name)
        {
            return; // left already: the answer to that was lost with a kill
        }
    }
}
