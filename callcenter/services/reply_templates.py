"""Use cases: texts to answer with, and signatures; supervisors keep them."""

from __future__ import annotations

from callcenter.channels.template import ReplyTemplate, checked
from callcenter.errors import Invalid, NotFound
from callcenter.services.conversations import Room
from callcenter.services.rights import require


def save(template: ReplyTemplate, *, user_id: int, room: Room) -> int:
    """A new one (id 0), or another text for one that is there. Returns its id."""
    with room.unit_of_work() as uow:
        require(uow, user_id, "settings", "change")
        checked(template)
        if template.queue and template.queue not in uow.staffing.queues():
            raise Invalid("queue", f"there is no queue {template.queue}")
        template_id = template.id
        if not template_id:
            template_id = uow.reply_templates.add(template)
        elif uow.reply_templates.get(template_id) is None:
            raise NotFound("template", f"there is no template {template_id}")
        else:
            uow.reply_templates.update(template)
        uow.audit.record(
            user_id=user_id,
            action="reply_template_saved",
            object_type="reply_template",
            object_id=str(template_id),
            at=room.clock.now(),
            detail={"title": template.title},
        )
        uow.commit()
    return template_id


def delete(template_id: int, *, user_id: int, room: Room) -> None:
    with room.unit_of_work() as uow:
        require(uow, user_id, "settings", "change")
        uow.reply_templates.delete(template_id)
        uow.audit.record(
            user_id=user_id,
            action="reply_template_deleted",
            object_type="reply_template",
            object_id=str(template_id),
            at=room.clock.now(),
            detail={},
        )
        uow.commit()
