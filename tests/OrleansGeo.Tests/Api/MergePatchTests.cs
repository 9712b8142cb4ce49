using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using OrleansGeo.Api.Documents;

namespace OrleansGeo.Tests.Api;

public sealed class MergePatchTests
{
    /// <summary>The table of RFC 7396, appendix A, and what it leaves out.</summary>
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""["a","b"]""", """["c","d"]""", """["c","d"]""")]
    [InlineData("""{"a":"b"}""", """["c"]""", """["c"]""")]
    [InlineData("""{"a":"foo"}""", """null""", """null""")]
    [InlineData("""{"a":"foo"}""", "\"bar\"", "\"bar\"")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""[1,2]""", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    [InlineData("""{"a":[null]}""", """{"b":[null,{"c":null}]}""", """{"a":[null],"b":[null,{"c":null}]}""")]
    [InlineData("""{"n":1.50e+007,"m":12345678901234567890.000}""", """{"x":-0.0}""", """{"n":1.50e+007,"m":12345678901234567890.000,"x":-0.0}""")]
    [InlineData("""{"\u0061":1}""", """{"a":2}""", """{"\u0061":2}""")]
    [InlineData("""{"a\"\\":1, "b": [ "\u0041" ]}""", """{"c":1,"a\u0022\u005c":2}""", """{"a\"\\":2,"b":[ "\u0041" ],"c":1}""")]
    [InlineData("""{"ключ":"🦊"}""", """{"é":"€"}""", """{"ключ":"🦊","é":"€"}""")]
    public void Vectors(string document, string patch, string expected) => Assert.Equal(expected, Apply(document, patch));

    [Fact]
    public void It_agrees_with_the_pseudocode_of_the_rfc() => Gen.Select(Value(3), Value(3)).Sample(static (document, patch) =>
        JsonNode.DeepEquals(JsonNode.Parse(Apply(document, patch)), Reference(JsonNode.Parse(document), JsonNode.Parse(patch))));

    [Fact]
    public void Many_members_take_time_in_proportion()
    {
        static string Many(int from, int count, string value) => $"{{{string.Join(',', Enumerable.Range(from, count).Select(i => $"\"{i}\":{value}"))}}}";

        var small = Time(Many(0, 5_000, "1"), Many(0, 5_000, "null"));
        var large = Time(Many(0, 50_000, "1"), Many(0, 50_000, "null"));

        // Ten times as much may take ten times as long; a quadratic merge takes a hundred times.
        Assert.True(large < (small * 50) + TimeSpan.FromMilliseconds(50), $"5,000 members took {small}, 50,000 took {large}");
    }

    private static TimeSpan Time(string document, string patch)
    {
        Assert.Equal("{}", Apply(document, patch));
        return Enumerable.Range(0, 3).Min(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            Apply(document, patch);
            return Stopwatch.GetElapsedTime(start);
        });
    }

    private static string Apply(string document, string patch) =>
        Encoding.UTF8.GetString(MergePatch.Apply(Encoding.UTF8.GetBytes(document), Encoding.UTF8.GetBytes(patch), 64));

    private static JsonNode? Reference(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject members ? (JsonObject)members.DeepClone() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Reference(result[name], value);
            }
        }

        return result;
    }

    private static Gen<string> Value(int depth)
    {
        var scalar = Gen.OneOf([.. new[] { "null", "1", "\"x\"", "true", "[]", "[null]" }.Select(Gen.Const)]);
        if (depth == 0)
        {
            return scalar;
        }

        var members = Gen.Dictionary(Gen.Char["abc"].Select(static c => c.ToString()), Value(depth - 1))[0, 3];
        return Gen.Frequency(
            (1, scalar),
            (3, members.Select(static pairs => $"{{{string.Join(',', pairs.Select(static pair => $"\"{pair.Key}\":{pair.Value}"))}}}")));
    }
}
