using ChatAkka.Storage.InMemory;
using ChatAkka.Storage.Push;
using ChatAkka.Storage.Tests.Accounts;
using ChatAkka.Storage.Tests.Conformance;
using ChatAkka.Storage.Tests.Contacts;
using ChatAkka.Storage.Tests.Contents;
using ChatAkka.Storage.Tests.Cursors;
using ChatAkka.Storage.Tests.Journals;
using ChatAkka.Storage.Tests.Nodes;
using ChatAkka.Storage.Tests.Presence;
using ChatAkka.Storage.Tests.Push;

namespace ChatAkka.Storage.Tests.InMemory;

/// <summary>A store in memory. Its data outlives it as long as the test runs.</summary>
public sealed class InMemoryUnderTest : TestedStore
{
    private readonly InMemoryData _data = new();

    internal override Task<IReadOnlyList<DeadLetter>> DeadLettersAsync() =>
        Task.FromResult<IReadOnlyList<DeadLetter>>([.. _data.Outbox.DeadLetters]);

    private protected override Task<ChatStore> ConnectAsync(StorageOptions options, TimeProvider time) =>
        Task.FromResult<ChatStore>(new InMemoryStore(_data, options, time));
}

/// <summary>
/// The store in memory keeps every contract but that of crashes: it has nothing that survives its process. Two of them over the same data
/// keep that of shared stores, though no two processes can.
/// </summary>
public static class InMemoryConformance
{
    public sealed class Events : EventStoreContract<InMemoryUnderTest>;

    public sealed class Annotations : AnnotationContract<InMemoryUnderTest>;

    public sealed class Undelivered : UndeliveredTableContract<InMemoryUnderTest>;

    public sealed class Snapshots : SnapshotTableContract<InMemoryUnderTest>;

    public sealed class Models : ModelContract<InMemoryUnderTest>;

    public sealed class Plugins : StorePluginContract<InMemoryUnderTest>;

    public sealed class Accounts : AccountStoreContract<InMemoryUnderTest>;

    public sealed class Contacts : ContactStoreContract<InMemoryUnderTest>;

    public sealed class Cursors : CursorStoreContract<InMemoryUnderTest>;

    public sealed class Receipts : ReceiptStoreContract<InMemoryUnderTest>;

    public sealed class Presence : PresenceStoreContract<InMemoryUnderTest>;

    public sealed class Outbox : PushOutboxContract<InMemoryUnderTest>;

    public sealed class Leases : NodeLeasesContract<InMemoryUnderTest>;

    public sealed class Records : NodeRecordsContract<InMemoryUnderTest>;

    public sealed class Calls : CallContract<InMemoryUnderTest>;

    public sealed class Sharing : SharedStoreContract<InMemoryUnderTest>;

    public sealed class Contents : StoreContentsContract<InMemoryUnderTest>;
}
