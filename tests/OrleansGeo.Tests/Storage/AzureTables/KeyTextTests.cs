using CsCheck;
using OrleansGeo.Storage.AzureTables.Stores;

namespace OrleansGeo.Tests.Storage.AzureTables;

public sealed class KeyTextTests
{
    private static readonly Gen<string> Texts = Gen.Frequency(
        (3, Gen.Char["\0\u0001/09:@AZ[_`az{~\u007fä日\ud83d\ude00\ue000\uffff#?\\,-=%' "]),
        (1, Gen.Char)).Array[0, 12].Select(static units => new string(units));

    [Fact]
    public void Keys_sort_as_their_strings_do_and_end_before_what_they_begin() => Gen.Select(Texts, Texts).Sample((left, right) =>
    {
        var keys = (KeyText.Encode(left) + KeyText.End, KeyText.Encode(right) + KeyText.End);
        return Math.Sign(string.CompareOrdinal(left, right)) == Math.Sign(string.CompareOrdinal(keys.Item1, keys.Item2));
    });

    [Fact]
    public void Every_key_is_one_that_Azure_takes() => Texts.Sample(
        text => KeyText.Encode(text).All(static unit => char.IsAsciiLetterOrDigit(unit) || unit is '-' or '=' or '_' or '~'));

    [Fact]
    public void What_is_long_is_shortened_and_keeps_its_identity()
    {
        var (left, right) = (new string('k', 300) + "1", new string('k', 300) + "2");
        var key = KeyText.Shorten(left, 256, out var isShortened);
        Assert.True(isShortened);
        Assert.Equal(256 + 1 + 32, key.Length);
        Assert.NotEqual(key, KeyText.Shorten(right, 256, out _));
        Assert.Equal(new string('k', 256), KeyText.Shorten(new string('k', 256), 256, out isShortened));
        Assert.False(isShortened);
    }

    [Fact]
    public void The_longest_key_of_a_row_is_within_the_limit()
    {
        var key = StoreKeys.State(int.MaxValue, new string('/', 2000), new string('日', 2000), 255);
        Assert.True(2 * key.Length <= TableLimits.KeyBytes, $"{key.Length}");
        Assert.True(2 * StoreKeys.RegisterPartition(new string('/', 2000)).Length <= TableLimits.KeyBytes);
    }

    [Fact]
    public void Units_keep_every_string() => Texts.Sample(text => KeyText.OfUnits(KeyText.Units(text)) == text);
}
