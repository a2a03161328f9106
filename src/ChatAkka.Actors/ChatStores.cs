using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Presence;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors;

/// <summary>What the chat actors read and write besides their journals.</summary>
/// <param name="Pushes">Null if absent users are told nothing.</param>
/// <param name="Deliveries">Null if nobody needs to know after a crash what was delivered; that is, without
/// <paramref name="Pushes"/>.</param>
public sealed record ChatStores(
    ITimelineReader Timelines,
    IAccountStore Accounts,
    IContactStore Contacts,
    ICursorStore Cursors,
    IReceiptStore Receipts,
    IPresenceStore Presence,
    IPushOutbox? Pushes = null,
    IDeliveryLog? Deliveries = null);
