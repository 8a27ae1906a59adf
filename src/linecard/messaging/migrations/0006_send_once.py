from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_announce_sends")]
    operations = [
        migrations.AddField("send", "key", models.CharField(max_length=36, default="")),
        migrations.AddConstraint(
            "send",
            models.UniqueConstraint(
                models.F("made_by"),
                models.F("key"),
                condition=~models.Q(key=""),
                name="message_send_once",
            ),
        ),
    ]
