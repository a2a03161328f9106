using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Users;

public sealed class DeviceCursorsTests
{
    private static readonly DeviceId Phone = ActorTest.AnnPhone;
    private static readonly DeviceId Laptop = ActorTest.AnnLaptop;
    private static readonly ChannelId Group = ActorTest.Group;

    private readonly DeviceCursors _cursors = new();
    private readonly ChannelPosition _position = ChannelPosition.At(10);

    [Fact]
    public void Moves_are_merged_by_maximum_and_taken_once()
    {
        Move(Phone, 4).ShouldBeTrue();
        Move(Phone, 6).ShouldBeTrue();
        Move(Phone, 5).ShouldBeTrue();
        Move(Laptop, 3).ShouldBeTrue();
        _cursors.TakeForSaving().ShouldBe([new DeviceCursor(Phone, Group, 6), new DeviceCursor(Laptop, Group, 3)], ignoreOrder: true);
        _cursors.IsSaving.ShouldBeTrue();
        _cursors.Saved();
        (_cursors.IsSaving, _cursors.HasUnsaved).ShouldBe((false, false));
    }

    [Fact]
    public void Move_during_a_save_waits_for_the_next_one()
    {
        Move(Phone, 4);
        _cursors.TakeForSaving();
        Move(Phone, 5);
        _cursors.Saved();
        _cursors.HasUnsaved.ShouldBeTrue();
        _cursors.TakeForSaving().ShouldBe([new DeviceCursor(Phone, Group, 5)]);
    }

    [Fact]
    public void Moves_of_a_failed_save_are_due_again_unless_overtaken()
    {
        Move(Phone, 4);
        Move(Laptop, 9);
        _cursors.TakeForSaving();
        Move(Phone, 5);
        _cursors.NotSaved();
        _cursors.IsSaving.ShouldBeFalse();
        _cursors.TakeForSaving().ShouldBe([new DeviceCursor(Phone, Group, 5), new DeviceCursor(Laptop, Group, 9)], ignoreOrder: true);
    }

    [Fact]
    public void Move_ahead_of_the_user_waits_for_its_event()
    {
        Move(Phone, 12).ShouldBeFalse();
        _cursors.HasUnsaved.ShouldBeFalse();
        ResumeAt(stored: 10).ShouldBe(12, "the device has it, whatever the user knows");

        Advance(11).ShouldBeFalse();
        Advance(12).ShouldBeTrue();
        _cursors.TakeForSaving().ShouldBe([new DeviceCursor(Phone, Group, 12)]);
        Advance(13).ShouldBeFalse("it counts once");
    }

    [Fact]
    public void Move_far_ahead_of_the_user_is_ignored()
    {
        Move(Phone, 5_000).ShouldBeFalse();
        Advance(5_000).ShouldBeFalse();
        ResumeAt(stored: 10).ShouldBe(10);
    }

    [Fact]
    public void Device_resumes_at_the_highest_of_what_is_stored_unsaved_and_moved_since()
    {
        ResumeAt(stored: 5).ShouldBe(5);
        ResumeAt(stored: 5, unsaved: 6).ShouldBe(6, "it was saved after the store was read, and is unsaved no more");
        Move(Phone, 7);
        ResumeAt(stored: 5, unsaved: 6).ShouldBe(7);
        _cursors.TakeForSaving();
        ResumeAt(stored: 5, unsaved: 6).ShouldBe(7);
        _cursors.Unsaved(Phone).ShouldBe(new Dictionary<ChannelId, long> { [Group] = 7 });
        _cursors.Unsaved(Laptop).ShouldBeEmpty();
    }

    [Fact]
    public void Device_that_never_moved_its_cursor_resumes_where_its_user_joined() => ResumeAt(stored: 0, joinedAfter: 3).ShouldBe(3);

    [Fact]
    public void Cursor_that_a_device_gives_itself_makes_its_moves_void()
    {
        Move(Phone, 8);
        ResumeAt(stored: 9, given: 2).ShouldBe(2);
        ResumeAt(stored: 9, given: -1).ShouldBe(0);
        _cursors.HasUnsaved.ShouldBeFalse();
    }

    [Fact]
    public void Cursor_that_a_device_gives_itself_during_a_save_does_not_end_the_save()
    {
        Move(Phone, 8);
        _cursors.TakeForSaving();
        ResumeAt(stored: 9, given: 2).ShouldBe(2);
        _cursors.IsSaving.ShouldBeTrue("a second save would be answered by the end of the first");
        _cursors.Saved();
        _cursors.HasUnsaved.ShouldBeFalse();
    }

    private bool Move(DeviceId device, long id) => _cursors.Move(device, Group, id, _position);

    private bool Advance(long to)
    {
        _position.AdvanceTo(Timelines.Event(to));
        return _cursors.Settle(Group, _position);
    }

    private long ResumeAt(long stored, long unsaved = 0, long? given = null, long joinedAfter = 0)
    {
        var loaded = new LoadedCursors(
            Phone, given is { } own ? Only(own) : null, unsaved > 0 ? Only(unsaved) : new Dictionary<ChannelId, long>(), Only(stored), []);
        return _cursors.ResumeAt(loaded, Group, joinedAfter);

        static Dictionary<ChannelId, long> Only(long id) => new() { [Group] = id };
    }
}
