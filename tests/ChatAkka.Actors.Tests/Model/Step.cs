using FsCheck;
using FsCheck.Fluent;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>Commands of a channel; what is told and not answered, or answered elsewhere; what happens to a node.</summary>
internal enum Verb
{
    Post,
    Repeat,
    Edit,
    Delete,
    React,
    Unreact,
    OpenDirect,
    CreateGroup,
    Add,
    Remove,
    Role,
    Title,
    Typing,
    Delivered,
    Read,
    Mute,
    Unmute,
    Befriend,
    Unfriend,
    Block,
    Unblock,
    Connect,
    Disconnect,
    LogOut,
    CrashChannel,
    CrashUser,
    HandOffChannel,
    HandOffUser,
    Wait,
}

/// <summary>One thing that happens. The numbers are taken modulo what there is.</summary>
internal sealed record Step(Verb Verb, int Device, int Other, int Channel, int Number)
{
    public static Gen<Step> Any { get; } =
        from verb in Gen.Frequency(
            (20, Gen.Constant(Verb.Post)),
            (4, Gen.Constant(Verb.Repeat)),
            (6, Gen.Constant(Verb.Edit)),
            (2, Gen.Constant(Verb.Delete)),
            (6, Gen.Constant(Verb.React)),
            (3, Gen.Constant(Verb.Unreact)),
            (2, Gen.Constant(Verb.OpenDirect)),
            (1, Gen.Constant(Verb.CreateGroup)),
            (3, Gen.Constant(Verb.Add)),
            (2, Gen.Constant(Verb.Remove)),
            (2, Gen.Constant(Verb.Role)),
            (1, Gen.Constant(Verb.Title)),
            (1, Gen.Constant(Verb.Typing)),
            (8, Gen.Constant(Verb.Delivered)),
            (8, Gen.Constant(Verb.Read)),
            (2, Gen.Constant(Verb.Mute)),
            (2, Gen.Constant(Verb.Unmute)),
            (2, Gen.Constant(Verb.Befriend)),
            (1, Gen.Constant(Verb.Unfriend)),
            (2, Gen.Constant(Verb.Block)),
            (1, Gen.Constant(Verb.Unblock)),
            (8, Gen.Constant(Verb.Connect)),
            (6, Gen.Constant(Verb.Disconnect)),
            (1, Gen.Constant(Verb.LogOut)),
            (2, Gen.Constant(Verb.CrashChannel)),
            (3, Gen.Constant(Verb.CrashUser)),
            (2, Gen.Constant(Verb.HandOffChannel)),
            (3, Gen.Constant(Verb.HandOffUser)),
            (8, Gen.Constant(Verb.Wait)))
        from device in Gen.Choose(0, 9)
        from other in Gen.Choose(0, 4)
        from channel in Gen.Choose(0, 5)
        from number in Gen.Choose(0, 999)
        select new Step(verb, device, other, channel, number);
}
