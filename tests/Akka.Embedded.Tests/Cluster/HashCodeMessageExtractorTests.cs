using Akka.Cluster.Sharding;

namespace Akka.Embedded.Tests.Cluster;

public sealed class HashCodeMessageExtractorTests
{
    [Theory]
    [InlineData("", "23")]
    [InlineData("a", "15")]
    [InlineData("1", "71")]
    [InlineData("2", "35")]
    [InlineData("channel-1234567890", "95")]
    [InlineData("한국어", "69")]
    [Trait("Akka.NET", "differs")] // Akka.NET hashes otherwise. Shards are no part of what is stored.
    public void Shard_of_an_id_never_changes(string id, string shard) => Create(100).ShardId(id).ShouldBe(shard);

    [Fact]
    public void Consecutive_ids_spread_evenly()
    {
        var extractor = Create(50);

        var sizes = Enumerable.Range(1_000_000, 50_000).CountBy(i => extractor.ShardId(i.ToString())).Select(s => s.Value).ToList();

        sizes.Count.ShouldBe(50);
        sizes.Min().ShouldBeGreaterThan(850);
        sizes.Max().ShouldBeLessThan(1150);
    }

    [Fact]
    public void Created_extractor_uses_its_functions()
    {
        var extractor = HashCodeMessageExtractor.Create(10, m => m as string, m => ((string)m).Length);

        extractor.EntityId("abc").ShouldBe("abc");
        extractor.EntityId(1).ShouldBeNull();
        extractor.EntityMessage("abc").ShouldBe(3);
    }

    [Fact]
    public void Created_extractor_without_message_function_passes_the_message_on()
    {
        HashCodeMessageExtractor.Create(10, m => m as string).EntityMessage("abc").ShouldBe("abc");
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET takes 0.
    public void Number_of_shards_must_be_positive()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Create(0));
    }

    private static HashCodeMessageExtractor Create(int shards) => HashCodeMessageExtractor.Create(shards, m => m as string);
}
