namespace OrleansGeo.Tests.Grains;

[Alias("test.feedobserver")]
public interface IFeedObserver : IGrainObserver
{
    [Alias("told")]
    Task Told(string text);
}
